"""How promises are worded in English: (class, level, whether it claims a deed, the pattern on folded text)."""

from guardrails.base import Level

_WE = (
    r"(?:i|we|our (?:\w+ )?(?:team|department|colleagues?|support|agents?)|someone|somebody|(?:a|an|the|my)"
    r" (?:colleague|agent|advisor|technician|manager|team|specialist))"
)
_SOON = (
    r"(?:will(?: now| also| gladly| happily| then| soon| immediately)?|shall|am going to|are going to|is going to|can"
    r" now|am happy to|are happy to|promise to|undertake to|commit to)"
)
_HAVE = r"(?:(?:have|has)(?: now| just| already| also)?|just|already|did|went ahead and|am|are)"
# "The refund is paid within 14 days" is a rule; "your refund is approved" a deed.
_IS = r"is(?! (?:\w+ )?\w+ (?:within|in|after|by|to|on|only|when|if|once)\b)"

# fmt: off
ROWS: tuple[tuple[str, Level, bool, str], ...] = (
    ("refund", Level.BLOCK, False,
     rf"{_WE} {_SOON} (?:\w+ ){{0,3}}(?:refund|reimburse|pay (?:you )?back|credit|compensate)\b"),
    ("refund", Level.BLOCK, False,
     rf"{_WE} {_SOON} (?:issue|process|send|give|grant|arrange|make|provide) (?:\w+ ){{0,4}}(?:refund|reimbursement)\b"),
    ("refund", Level.BLOCK, False,
     r"you (?:will|shall|are going to) (?:\w+ ){0,2}(?:be (?:\w+ )?(?:refunded|reimbursed|credited|compensated)|"
     r"(?:receive|get|have) (?:\w+ ){0,3}(?:refund|money back|reimbursement))\b"),
    ("refund", Level.BLOCK, False,
     r"your (?:\w+ )?(?:refund|money|reimbursement|payment) (?:will be|shall be|is going to be|is being|is on its way)\b"),
    ("refund", Level.BLOCK, True,
     rf"(?:your|a|the) (?:\w+ )?(?:refund|reimbursement) (?:of (?:\S+ ){{1,4}})?(?:has been|was|{_IS}) (?:\w+"
     r" )?(?:approved|issued|processed|sent|granted|accepted|made|initiated|confirmed|on its way)\b"),
    ("action", Level.BLOCK, True,
     rf"\b{_WE} {_HAVE} (?:\w+ ){{0,2}}(?:cancell?ed|refunded|shipped|sent|changed|updated|credited|modified|"
     rf"deleted|removed|blocked|unblocked|closed|opened|created|applied|extended|reset|activated|deactivated|"
     rf"replaced|reordered|forwarded|escalated|transferred|processed|issued|contacted|called|booked|scheduled|"
     rf"checked|verified|confirmed|added|upgraded|unsubscribed|registered|arranged|fixed|resolved|looked into|"
     rf"cancel|refund)\b"),
    ("action", Level.BLOCK, True,
     r"your (?:order|account|subscription|parcel|package|address|request|booking|ticket|case|complaint|card|"
     r"return|payment|claim|password|email)(?: \w+)? (?:has|have) (?:now |already |just )?been (?:\w+"
     r" )?(?:cancell?ed|refunded|shipped|sent|changed|updated|credited|modified|deleted|blocked|unblocked|closed|"
     r"approved|accepted|escalated|forwarded|processed|reset|activated|extended|replaced|confirmed|registered|"
     r"transferred|resolved)\b"),
    ("action", Level.BLOCK, True,
     rf"your (?:order|account|subscription|parcel|package|booking|card|claim|return) {_IS} (?:now )?(?:cancell?ed|"
     r"refunded|shipped|deleted|blocked|closed|approved|on its way|confirmed)\b"),
    ("commitment", Level.HOLD, False,
     rf"\b{_WE} {_SOON} (?:\w+ ){{0,3}}(?:get back|contact|call|reply|respond|send|ship|replace|cancel|update|"
     rf"check|look into|investigate|fix|resolve|arrange|keep you|inform|notify|forward|escalate|process|deliver|"
     rf"follow up|reach out|let you know|come back|take care|handle|make sure|ensure|confirm|change|extend|open|"
     rf"reopen|delete|repair|collect|pick up|prepare|waive)\b"),
    ("commitment", Level.HOLD, False,
     r"you will (?:\w+ ){0,2}(?:be (?:\w+ )?(?:contacted|called|informed|notified)|(?:hear|receive|get) (?:\w+"
     r" ){0,3}(?:from us|back from|call|answer|replacement|new (?:parcel|item|one|order)))\b"),
    ("commitment", Level.HOLD, False,
     r"\b(?:a|the|your) (?:new |replacement )?(?:replacement|parcel|item|label|package|order|one) will be (?:\w+"
     r" )?(?:sent|shipped|dispatched|delivered|posted|e?mailed) (?:\w+ )?(?:to you|today|tomorrow|shortly|soon|"
     r"immediately)"),
    ("commitment", Level.HOLD, False,
     r"\bvous (?:recevrez|serez|allez recevoir|allez etre)(?: \w+){0,3} (?:contactee?s?|recontactee?s?|"
     r"rappelee?s?|informee?s?|prevenue?s?|reponse|appel|nouveau colis|nouvel article|remplacement|"
     r"confirmation)\b|\bvous (?:sera|seront) (?:\w+ )?(?:envoye|expedie|adresse|livre|transmis|renvoye)\w*"),
    ("fault", Level.BLOCK, False,
     r"\b(?:it (?:was|is|s)|this (?:was|is)|that (?:was|is)) (?:\w+ ){0,3}(?:our|my) (?:\w+ )?(?:mistake|fault|"
     r"error|failure|responsibility)\b|\bwe (?:made|have made) (?:a|an) (?:\w+ )?(?:mistake|error)\b|\b(?:due to|"
     r"because of|caused by) (?:an? (?:error|mistake|failure) (?:of|on) our|our (?:\w+ )?(?:mistake|error|"
     r"negligence|failure))\b"),
    ("fault", Level.BLOCK, False,
     r"\bwe (?:are|were|accept|take|admit|acknowledge) (?:\w+ )?(?:responsible|responsibility|liable|liability|at"
     r" fault|to blame|guilty|negligent|our (?:mistake|fault|error))\b|\b(?:error|mistake) on our (?:part|side|"
     r"end)\b|\b(?:sorry|apologi[sz]e|apologies)(?: \w+)? (?:that|because) we (?:have )?(?:lost|broke|damaged|"
     r"sent|charged|forgot|failed|delivered|shipped|made|overcharged|missed)\b|\bsorry (?:for|about) (?:losing|"
     r"breaking|damaging|sending|charging|our (?:mistake|error))\b|\bwe (?:have )?(?:lost|damaged|broke|"
     r"overcharged) (?:you\b|your)"),
    ("discount", Level.BLOCK, False,
     rf"\b{_WE} {_SOON}? ?(?:\w+ ){{0,2}}(?:offer|give|grant|apply|add|send|provide|gift)(?:ing)? (?:you )?(?:\S+"
     rf" ){{0,5}}(?:discount|voucher|coupon|gift|credit|compensation|goodwill|% off|free (?:shipping|delivery|"
     rf"month|item|gift|return|replacement|upgrade))"),
    ("discount", Level.BLOCK, False,
     r"\byou (?:will|can now|are entitled to|now)(?: \w+){0,2} (?:receive|get|enjoy|benefit|have|claim|a|an)\b(?:"
     r" \S+){0,4} (?:discount|voucher|coupon|gift|credit|compensation|% off|free)\b|\bas a (?:gesture of"
     r" )?(?:goodwill|compensation|apology)\b"),
    ("discount", Level.BLOCK, False,
     r"\bvous (?:recevrez|beneficiez|beneficierez|obtiendrez|aurez|avez droit)(?: \S+){0,5} (?:reduction|remise|"
     r"bon d achat|avoir|cadeau|geste|dedommagement|compensation|rabais|coupon)\b|\bgeste commercial\b|\ba titre"
     r" de dedommagement\b"),
    ("deadline", Level.HOLD, False,
     r"\b(?:it|your (?:order|parcel|package|refund|item|replacement|money|delivery)|they|this|you) will (?:\w+"
     r" ){0,3}(?:arrive|be (?:delivered|there|shipped|sent|ready|resolved|fixed|with you|available|received|"
     r"credited|back))\b(?: \S+){0,4} (?:by|on|before|within|in|tomorrow|today|tonight|next|this|monday|tuesday|"
     r"wednesday|thursday|friday|saturday|sunday|shortly|soon)\b"),
    ("legal", Level.BLOCK, False,
     r"\b(?:legal(?:ly)? (?:entitled|obliged|required|binding|right|advice|action)|you (?:should|can|could|may|"
     r"must) (?:sue|file a (?:lawsuit|complaint with|claim in)|take (?:us|them|legal)|go to court|press charges)|"
     r"under (?:the )?(?:law|consumer (?:law|rights|protection))|according to the law|your lawyer|in court|"
     r"statutory rights?|against the law|illegal)\b"),
    ("medical", Level.BLOCK, False,
     r"\b(?:(?:stop|start|keep|continue) taking|take (?:\S+ ){0,3}(?:tablets?|pills?|mg|ibuprofen|paracetamol|"
     r"aspirin|medicines?|medication|doses?)|your (?:symptoms?|illness|diagnosis|medication|treatment|dose)|safe"
     r" (?:to take|for your (?:health|pregnancy)|during pregnancy|if you are pregnant)|you (?:probably |may"
     r" )?(?:have|are having) an? (?:allergic reaction|infection|allergy)|will cure|cures|is harmless)\b"),
    ("guarantee", Level.HOLD, False,
     rf"\b{_WE} (?:can |do |fully )?(?:guarantee|promise|assure you|swear|vow|pledge)\b|\bi can (?:assure|"
     rf"promise)\b|\byou (?:have|can have) (?:our|my) word\b|\brest assured\b|\b(?:is|are) (?:fully )?guaranteed\b"),
)
# fmt: on
