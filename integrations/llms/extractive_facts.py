"""How a sentence shows a fact of some kind: price, time, place and so on, in French and English. All linear."""

MONEY = (
    r"\d ?[€$£]|[€$£] ?\d|\d ?(?:eur|euros?|usd|gbp|chf|dollars?|pounds?|cents|francs?)\b|\bfree\b|gratuit|\boffert"
    r"|\bno (?:extra )?(?:charge|cost|fee)"
    r"|\b(?:without|sans) (?:charge|frais)|\b(?:our|your) (?:own )?(?:expense|cost)"
    r"|\bà (?:votre|notre) charge|\d ?%"
)
NUMBER = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen|twenty|thirty|few"
    r"|several|un|une|deux|trois"
    r"|quatre|cinq|sept|huit|neuf|dix|douze|quatorze|quinze|vingt|trente|quelques|plusieurs)"
)
COUNT = (
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|several|unlimited|no limit|once|twice"
    r"|une seule|un seul|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|plusieurs|illimitée?s?)\b"
)
TIME = (
    rf"\b{NUMBER}[ -](?:(?:full|working|business|calendar|more|pleine?s?) )?(?:minutes?|min|hours?|hrs?|h"
    rf"|days?|weeks?|months?|years?|secondes?|heures?"
    r"|jours?|semaines?|mois|ans?|années?)\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi"
    r"|dimanche)s?\b"
    r"|\b(?:\d{1,2}(?:st|nd|rd|th)? may|may \d{1,2})\b"  # without a day it is mostly the verb
    r"|\b(?:january|february|march|april|june|july|august|september|october|november|december|janvier"
    r"|février|mars|avril|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre)\b"
    r"|\b\d{1,2} ?(?:h|am|pm|a\.m|p\.m)\b|\b\d{1,2}[:h]\d{2}\b|\b(?:same day|next day|immediately"
    r"|straight away|right away|as soon as|tomorrow|overnight"
    r"|\d+(?:st|nd|rd|th)|(?:first|last) (?:working |business )?(?:day|week|\w+day)|lifetime|any time|anytime"
    r"|every day|daily|monthly)\b"
    r"|\b(?:premier|dernier) (?:jour|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b|\b1er\b|\ble \d{1,2}\b"
    r"|\b(?:noon|midnight|midi|minuit)\b|\b(?:dès|aussitôt|immédiat|le jour même|le lendemain|à vie|à tout moment"
    r"|tous les jours|chaque jour)"
)
MOMENT = (
    rf"{TIME}|\b(?:until|before|when|once|after|upon|at the end|end of)\b"
    r"|\b(?:jusqu|avant|après|lorsqu|quand|une fois|au moment|à la fin|en fin d"
    r"|à (?:l['’]|la |votre )?(?:expédition|réception|commande))"
)
STEP = (
    r"\b(?:click|tap|log in|go to|simply|just|you can|you must|you need|from your|in your account|via)\b"
    r"|\b(?:il suffit|il faut|vous pouvez|vous devez|depuis votre|dans votre|en ligne|via)\b"
)
ADDRESS = (
    r"\d+,? (?:\w+ ){0,3}(?:street|road|avenue|lane|square|place)\b|\b(?:located|(?:is|are) (?:at|in|on|near))\b"
    r"|\bse trouv|\bsitué|\brue\b|\bavenue\b|\bboulevard\b"
)
PLACE = (
    r"https?:|www\.|@|\b(?:in|at|under|on|from|inside|next to|near|behind) (?:your|the|our|my|a|every"
    r"|each)\b|\b(?:page|section|menu|tab|street|road|avenue|store"
    r"|shop|account|link|label|back|located|made in)\b"
    r"|\b(?:dans|sur|sous|depuis|chez|à côté|derrière|au dos) (?:votre|vos|le|la|les|l|notre|nos|un|une"
    r"|chaque)\b|\b(?:page|rubrique|onglet|rue|magasin|boutique|compte|lien"
    r"|étiquette|situé|fabriqué)"
)

OFTEN = (
    r"\b(?:once|twice|times|every|daily|weekly|monthly|yearly|per|a (?:day|week|month|year))\b"
    r"|\bfois\b|\bchaque\b|\bpar (?:jour|semaine|mois|an)\b|\btous les\b|\btoutes les\b"
)
WEIGHT = r"\d ?(?:kg|g|kilos?|kilograms?|grammes?|grams?|lbs?|pounds|tonnes?)\b"
LENGTH = r"\d ?(?:cm|mm|m|km|m²|m2|(?:kilo)?(?:met(?:re|er)s?|mètres?)|miles?|inch(?:es)?|ft|feet|litres?|l|go|gb|mo|mb)(?!\w)"
SAYS_PRICE = frozenset({
    "amount", "pay", "paid", "paye", "payer", "montant", "montants", "price", "prices", "cost", "costs", "fee",
    "fees", "charge", "charged", "prix", "cout", "coute", "coutent", "couts", "tarif", "tarifs", "frais",
})  # fmt: skip
SAYS_OFTEN = frozenset({
    "often", "frequence", "frequemment",
})  # fmt: skip
SAYS_WEIGHT = frozenset({
    "heavy", "weigh", "weighs", "weight", "poids", "pese", "pesent", "peser", "lourd", "lourde",
})  # fmt: skip
SAYS_LENGTH = frozenset({
    "big", "large", "tall", "wide", "deep", "dimensions", "measurements", "largeur", "hauteur", "longueur",
    "profondeur",
})  # fmt: skip

# The nouns that say what kind of fact a sentence gives; many are too common to be words that must be met.
FACT_NOUNS = frozenset({
    "delai", "delais", "duree", "horaire", "horaires", "prix", "tarif", "tarifs", "montant", "frais", "cotisation",
    "price", "fee", "fees", "deadline", "duration", "period",
})  # fmt: skip
# Who may have or do something, and on what condition.
ELIGIBLE = (
    r"\b(?:can|may|could) (?:i|we|he|she|they) (?:get|have|apply|claim)\b|\b(?:eligible|entitled|qualify)\b"
    r"|\b(?:puis je|peut on|pouvons nous|peut il|peut elle) (?:avoir|obtenir|beneficier|demander)\b|\bdroit a\b|\beligible\b"
)
CONDITION = (
    r"\b(?:can|may|must|only|need|open to|available (?:to|for|from)|reserved"
    r"|eligible|at least|at most|if|from|under|not|cannot|no)\b"
    r"|\b(?:peut|peuvent|pouvez|doit|faut|ouverte? (?:à|aux|de)|réservée?s?|au moins"
    r"|au plus|si|dès|à partir|moins de|plus de|possible"
    r"|pas|aucune?|uniquement|seulement)\b"
)
# A thing is there: it takes place, costs something, may be had.
OFFERED = (
    r"\b(?:takes?|taking) place\b|\b(?:is|are) (?:held|offered|organi[sz]ed|run|open|available|taught)\b"
    r"|\b(?:is|are) (?:given|on sale|sold)\b"
    r"|\b(?:costs?|starts?|runs?)\b"
    r"|\bwe (?:run|offer|hold|have|organi[sz]e|sell|provide|teach)\b"
    r"|\byou can (?:book|join|buy|get)\b"
    r"|\b(?:a lieu|ont lieu|se tient|se tiennent)\b"
    r"|\b(?:est|sont) (?:proposée?|organisée?|offerte?|ouverte?|disponible|donnée?|vendue?)s?\b"
    r"|\bcoûten?t?\b|\bnous (?:proposons|organisons|offrons|donnons|vendons|assurons)\b"
)
# Where something is or is done: what a place is, and the channels by which klark's tenants are reached.
SOMEWHERE = (
    rf"{PLACE}|{ADDRESS}"
    r"|\b(?:online|web ?site|app|website|phone|telephone|e-?mails?|call|write to|form|desk|counter|reception|office|lobby|hall"
    r"|entrance|floor|room|building|gate|platform|station|kiosk|town|city|harbou?r|garage|workshop|warehouse|portal|dashboard"
    r"|settings|profile|inbox|box|here|there)\b"
    r"|\b(?:at|in|on|from|near|behind|opposite|beside|outside|below|above) (?:the|your|our|a|an|each|every|any"
    r"|(?-i:(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December)[A-Z]))"
    r"|\b(?:en ligne|site|appli(?:cation)?|téléphon\w+|appel\w+|mail|courriel|e-mail|formulaire|guichet|accueil|comptoir|bureau"
    r"|hall|entrée|étage|salle|bâtiment|gare|quai|ville|mairie|garage|atelier|espace|portail|paramètres|profil|sur place|ici)\b"
    r"|\b(?:à l['’](?!avance|ann|heure|instant|unit|achat)|à la (?!fin|date|demande|carte)|au (?!moins|plus|del|total|m[ai][xn])"
    r"|aux|dans|sur|chez|près d|devant|derrière|(?:à|en) (?-i:[A-ZÉ]))|[>›→]"
)
