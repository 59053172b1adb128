"""How questions, requests, problems and courtesy are worded, in English and French; the commonest in German, Spanish
and Italian. Patterns read folded text: see `guardrails.words.fold`."""

import re

GREETING = (
    r"(?:bonjour|bjr|bonsoir|salut|slt|coucou|cc|hello|hi|hiya|hey|good (?:morning|afternoon|evening|day)"
    r"|evening|morning|dear|greetings"
    r"|hallo|guten (?:tag|morgen|abend)|hola|buenos dias|buenas (?:tardes|noches)|buongiorno|salve|ciao|cher"
    r"|chere|to whom it may concern)"
)
ADDRESSED = re.compile(
    rf"^{GREETING}\b(?:[ ,]+(?:a tous|a toute l'equipe|l'equipe|tout le monde|monsieur|madame|messieurs"
    rf"|mesdames|mr|mrs|ms|sir/madam|sir|madam|team|there"
    r"|all|everyone|folks|support|again|service client|customer (?:service|care)|the [\w-]{2,20} team|et merci"
    r"|or|and|ou|et))*"
    r"(?P<name>[ ]+[A-ZÀ-Þa-z][\w'-]{1,20}(?:[ ][A-ZÀ-Þ][\w'-]{1,20})?)?\s*[,!.:;\-–—]+\s*|"
    rf"^{GREETING}(?:[ ,]+(?:a tous|l'equipe|monsieur|madame|sir|madam|there|team|all|folks|again))*\s+(?=\S)"
)
COURTESY = re.compile(
    r"^(?:(?:un grand |mille )?(?:merci|mrc|thanks|thank you|thx|danke|gracias|grazie"
    r"|many thanks)\b(?! de (?:me|m'|nous|bien|faire|votre aide pour|proceder|confirmer|rembours|renvoy"
    r"|annul|modifi|chang|supprim|corrig|resili|envoy|verifi|mettre|fournir|transmettre)| d'\w+er\b)"
    r"(?:[^?]{0,60}(?:avance|advance|aide|help|reponse|reply|answer|retour|temps|time|beaucoup|much|lot|again"
    r"|infiniment|bien|vous|you|inform\w*|attention|compre\w+|all|equipe|team))?[^?\w]*(?:[a-z' -]{0,40})$"
    r"|(?:bien )?cordialement\b|cdlt|cdt|(?:best|kind|warm)?\s?regards|sincerely|cheers|best wishes"
    r"|bonne (?:journee|soiree|reception|continuation)|belle journee|salutations"
    r"|(?:dans l'attente|en attente|in attesa|looking forward|i look forward|hope to hear|j'espere (?:avoir"
    r"|recevoir) (?:une |de vos )|en vous remerciant|je vous remercie)\b[^?]*$"
    r"|(?:j'espere que vous allez|i hope (?:you are|this (?:e-?mail|message) finds)|hope you(?:'re| are)"
    r"|comment allez[- ]vous|how are you)\b[^?]{0,60}\??$"
    r"|(?:have a|passez une) (?:nice|good|great|lovely|bonne|excellente)\b|mit freundlichen|viele grusse"
    r"|un saludo|saludos|cordiali saluti"
    r"|(?:je vous (?:contacte|ecris|sollicite)|je me permets de vous (?:contacter|ecrire)|i am (?:writing"
    r"|contacting)|i'm (?:writing|contacting))[^?]{0,25}$"
    r"|(?:j'ai|i have|j'aurais|i've got|i had)(?: just)? (?:une|deux|trois|quelques|a few|a|two|some|several"
    r"|plusieurs)(?: petites?| quick| more)? questions?\b[^?]{0,30}$"
    r"|(?:can|could) you(?: please)? help(?: me)?(?: with (?:this|that))?(?: please)?\s*\??$|(?:pouvez"
    r"|pourriez)[- ]vous m'aider(?: s'il vous plait| svp)?\s*\??$|(?:help|aide)(?: me)?(?: pls| please"
    r"| svp)?[!. ]*$"
    r"|ok(?:ay)?\b[ ,.!]*$|(?:d'accord|parfait|super|lovely|great|perfect)[ ,.!]*$|(?:tres )?urgent[ !.]*$)"
)
ASKING = re.compile(
    r"^(?:(?:et|mais|donc|sinon|alors|or|ou|and|but|so|also|then|puis|enfin|de plus|du coup|par ailleurs"
    r"|en fait|dites[- ]moi|please|svp|pls|2|1)[ ,:]+){0,2}"
    r"(?:comment|comen|cmt|coment|ou (?:est|en|se|sont|puis|peut|trouve|je|vous|puije)|quand|kan|quel(?:le)?s?"
    r"|kel|combien|cb|cbn|pourquoi|pk|pkoi|prk|est[- ]ce|es[- ]ce|esk|qui\b|que (?:dois|faire|puis|se|faut)"
    r"|qu'est|quoi|c koi|cest quoi|c'est quoi"
    r"|(?:a|de|pour|sous|dans|depuis|jusqu'a|au bout de|en|par|avec|sur) (?:qui|quoi|quel(?:le)?s?|combien"
    r"|quand)\b|puis[- ]je|peut[- ]on|peu[- ]on|pe[- ]on|peux[- ]tu|y a[- ]t[- ]il|ya til|faut[- ]il"
    r"|dois[- ]je|doit[- ]on|avez[- ]vous|proposez[- ]vous|livrez[- ]vous|acceptez[- ]vous|\w{3,20}[- ](?:vous"
    r"|t[- ]il|t[- ]elle|t[- ]on)\b"
    r"|how|hw|what|wat|wot|when|wen|where|wher|why|y is|which|who|whose|can (?:i|you|we|u|it|the|my)"
    r"|could (?:i|you|we|u)|do (?:you|i|we|u|the)|does|did|is (?:it|there|this|the|that|my)|are (?:you|there"
    r"|the|u|my|your)|will (?:you|i|it|the|my)|would (?:you|it)|may i|should i|has|have you|any (?:news|chance"
    r"|idea|update)"
    r"|wie|wo|wann|warum|was|welche\w*|kann ich|konnen sie|gibt es|como|donde|cuando|por que|cual|cuanto|puedo"
    r"|pueden|come|dove|quando|perche|quale|quanto|posso)\b"
)
EMBEDDED = re.compile(
    r"\b(?:savoir|dire|demande|comprendre|comprends pas|know|tell me|wondering|wonder|understand|confirm"
    r"|explain)\s+(?:me )?"
    r"(?:si|comment|ou|quand|quel\w*|combien|pourquoi|ce que|if|whether|how|where|when|which|what|why|who)\b"
)
REQUEST = re.compile(
    r"\b(?:je (?:voudrais|veux|souhaite(?:rais)?|desire|vous demande|vous prie|vous saurais gre)"
    r"|j(?:')?aimerais?|j(?:e )?voudr[ea]\w*|nous (?:voudrions|souhaitons|aimerions)"
    r"|j'ai besoin|il me faut|il me faudrait|besoin d|(?:pouvez|pourriez|pouriez|voulez|peux|peu"
    r"|pouver)[- ](?:vous|tu)|merci de (?:me|m'|nous|bien|faire|proceder|\w+er\b|\w+ir\b|\w+re\b)|merci d'\w+er\b"
    r"|priere de"
    r"|veuillez|envoye[rz][- ](?:moi|nous)|rembourse[rz][- ](?:moi|nous)"
    r"|(?:annule[rz]|modifie[rz]|change[rz]|supprime[rz]|donne[rz]|confirme[rz]|indique[rz])[- ](?:moi|nous"
    r"|mon|ma|mes|notre|le|la)|faut (?:que|m)"
    r"|i (?:would|'d|d|wd) (?:like|love|appreciate|need)|i'd (?:like|love|appreciate)|i (?:want|need|wish"
    r"|request|wanna)|we (?:would like|want|need)|(?:please|pls|plz|kindly) \w+|\w+ (?:please|pls|plz)$"
    r"|let me know"
    r"|(?:send|cancel|change|refund|replace|delete|close|update|give) (?:me|us|my|our|the)|looking for|requesting"
    r"|ich (?:mochte|will|brauche|hatte gern)|bitte|quiero|quisiera|necesito|me gustaria|vorrei|ho bisogno)\b"
)
PROBLEM = re.compile(
    r"\b(?:pas|plus|jamais|rien|aucun\w*|toujours pas|impossible|not|no longer|never|nothing|none|cannot|can't"
    r"|cant|won't|wont|doesn't|doesnt|didn't|didnt|isn't|isnt|hasn't|hasnt|haven't|havent|wasn't|couldn't"
    r"|unable|fail\w*|without"
    r"|erreur\w*|error\w*|probleme\w*|pb|problem\w*|issue\w*|souci\w*|bug\w*|panne|casse\w*|broken|broke"
    r"|damaged|endommag\w*|abime\w*|defectueu\w*|defective|faulty|missing|manqu\w+|perdu\w*|lost|stolen"
    r"|vole\w*|bloqu\w+|blocked|stuck|locked"
    r"|en retard|late|delayed|retard|wrong|mauvais\w*|faux|double|twice|deux fois|refus\w+|rejected|declined"
    r"|expired?|expire\w*|noir\w*|black|dead|crash\w*|fuit|leak\w*|incorrect\w*|attend\w*|waiting|still"
    r"|nicht|kein\w*|kaputt|beschadigt|fehl\w+|defekt|todavia|no funciona|no he|roto|danad\w+|non (?:riesco"
    r"|funziona|ho)|rotto)\b"
)
POINTS_BACK = re.compile(
    r"\b(?:ca|cela|celui[- ]ci|celle[- ]ci|it|they|them|these|those|que (?:faire|dois[- ]je)|what (?:should"
    r"|can|do) i do|is there anything)\b"
    r"|^(?:pourquoi|why|comment faire|how (?:so|come))\b"
)
SPLIT = re.compile(
    r"\s*(?:,|;)?\s+(?:et|and|ainsi que|as well as|et aussi|and also)\s+(?=(?:(?:a partir de|a|de|pour|sous|au bout de"
    r"|dans|jusqu'a|avec|by|at|in|for|from|until|to|on) ){0,3}"
    r"(?:comment|quand|combien|quel|quelle|quels|quelles|pourquoi|est[- ]ce|puis[- ]je|peut[- ]on|how|what"
    r"|when|where|which|why|can i|can you|do you|is there|is it|are there|does|will)\b)"
)
NOT_SPLITTING = re.compile(r"\b(?:savoir|dire|know|tell me|wondering|demande|expliquer|explain)\b")

NUMBER = re.compile(r"^\(?\d{1,2}[.)]\s+")
AFTER_QUESTION = re.compile(r"(?<=\?)\s+(?=\w)")
