"""Tables of words, French and English, that the checks read: which carry no fact, which turn a fact round, which mean
the same, which exclude each other. All are written without accents and in lower case, as `words.fold` leaves them."""


def word_set(text: str) -> frozenset[str]:
    """The words of a table written as running text."""
    return frozenset(text.split())


def _same(groups: str) -> dict[str, str]:
    """Each word of a line -> the line's first word."""
    lines = [line.split() for line in groups.strip().splitlines()]
    return {word: line[0] for line in lines for word in line}


# Words that are evidence of nothing, whether both texts have them or not; pronouns and opinion words above all.
EMPTY = word_set(
    """a an the this that these those it its he she they them their his her i me my we us our you your yours one ones
    who whom whose which what when where why how there here and or but so then than as at by for from in into of off on
    onto out over to up with about after before during per via be is are was were been being am do does did done doing
    have has had having will would shall should can could may might must need ought let get got gets just also too very
    quite really well indeed please still already yet now once again ever even if unless whether while because since
    though although both each such same other another any some all every only own via within yes
    hi hello dear kind regards thank thanks sorry happy glad simply easily kindly however therefore moreover
    le la les l un une des du de d au aux ce c cet cette ces ca cela ceci il elle ils elles on je j tu te t toi moi m
    nous vous se s soi mon ma mes ton ta tes son sa ses notre nos votre vos leur leurs lui eux en y qui que qu quoi dont
    ou quel quelle quels quelles lequel laquelle lesquels lesquelles et mais donc or ni car si comme quand lorsque
    puisque parce ainsi aussi alors apres avant avec chez contre dans depuis des entre hors par parmi pendant pour sans
    selon sous sur vers via est es suis sommes etes sont etre ete etait etaient sera seront serait serez soit ai as a
    avons avez ont avoir eu avait avaient aura auront aurez ayant fait faire faites peut peuvent peux pouvez pouvons
    pouvoir pourra pourrez pourrait doit doivent devez devons devoir devra devrez faut falloir falloir va vont allez
    aller tres plus moins bien deja encore toujours ici la voici voila tout toute tous toutes chaque quelque certain
    certaine meme autre autres seul seulement uniquement simplement merci bonjour bonsoir cordialement svp oui
    afin lors ensuite puis enfin cependant toutefois ne pas n jamais aucun aucune rien non not no never none neither nor
    jusque jusqu least most max min minimum maximum agit agir fois partir sauf hors hormis excepte except unless until only
    serons seriez seraient serais saurait sauraient neanmoins notamment cependant possibilite avez
    tenu tenus besides instance usd eur gbp chf less
    bel belle beau sir madam mr mrs ms mme monsieur madame ainsi celui celle ceux celles""",
)

# Light words: they may be missing from a source without making a claim unfounded.
LIGHT = word_set(
    """possible able allow like want wish help use make take give provide offer find see know way case thing time
    note follow apply concern regard available order_to simple easy directly
    permettre souhaiter vouloir aider utiliser prendre donner proposer trouver voir savoir cas chose moyen moment
    noter suivre concerner effet disposer disposition necessaire directement egalement notamment generalement
    jour heure minute semaine mois an annee day hour week month year second seconde euro dollar cent
    deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante soixante mille
    two three four five seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty hundred thousand
    write wrote mention indicate say said tell told describe report explain indiquer mentionner ecrire dire preciser
    signaler expliquer decrire compter prevoir come comes contain contenir apart served business working ouvre ouvrable message
    exception payment paiement item product article produit
    generally usually normally also correspond effectuer realiser proceder procede suffire suffit sufficient""",
)

NEGATORS = word_set("not never no none neither nor without cannot pas jamais aucun aucune rien ni sans nul nulle")
RESTRICTORS = word_set(
    "only solely exclusively reserved seulement uniquement exclusivement seul seule seuls seules "
    "reserve reservee reserves reservees"
)

# Number words as digits, so that "two" and "2" are one word; "one" and "un" are mostly articles.
COUNTS: dict[str, str] = {
    word: number
    for number, words in {
        "2": "two deux",
        "3": "three trois",
        "4": "four quatre",
        "5": "five cinq",
        "6": "six",
        "7": "seven sept",
        "8": "eight huit",
        "9": "nine neuf",
        "10": "ten dix",
        "11": "eleven onze",
        "12": "twelve douze",
        "15": "fifteen quinze",
        "20": "twenty vingt",
        "30": "thirty trente",
        "100": "hundred cent",
    }.items()
    for word in words.split()
}

# word -> (the word it denies). "impossible" is "possible", negated.
DENIES: dict[str, str] = {
    "impossible": "possible",
    "unable": "able",
    "unavailable": "available",
    "indisponible": "disponible",
    "forbid": "allow",
    "forbidden": "allow",
    "prohibit": "allow",
    "interdire": "autoriser",
    "interdit": "autoriser",
    "refuse": "accept",
    "reject": "accept",
    "refuser": "accepter",
    "exclude": "include",
    "exclure": "inclure",
    "exclu": "inclure",
    "invalid": "valid",
    "invalide": "valable",
    "ineligible": "eligible",
    "ineligibl": "eligible",
    "optional": "mandatory",
    "facultatif": "obligatoire",
    "optionnel": "obligatoire",
    "unlimited": "limit",
    "illimite": "limite",
    "disable": "enable",
    "deactivate": "enable",
    "desactiver": "activer",
    "incompatible": "compatible",
    "unnecessary": "necessary",
    "inutile": "necessaire",
    "payant": "gratuit",
    "deconseiller": "conseiller",
    "deconseille": "conseiller",
    "inadvisable": "advisable",
    "decline": "accept",
    "lack": "have",
    "fail": "succeed",
    "echouer": "reussir",
    "nonrefundable": "refund",
    "nontransferable": "transfer",
    "unused": "use",
    "unopened": "open",
    "unworn": "wear",
}

# These turn their whole clause round: "payment by cheque is impossible".
REFUSALS = word_set(
    """impossible unable unavailable indisponible forbid forbidden prohibit interdire interdit refuse reject refuser
    rejeter exclude exclure exclu invalid invalide ineligible ineligibl decline fail nonrefundable incompatible"""
)

# One line: words that say the same in a helpdesk. The first stands for all.
SAME = _same(
    """
buy purchase order acquire
ship dispatch send mail post forward
parcel package shipment packet
refund reimburse repay
discounted discount reduced promotional
solde soldes promotion promotionnel reduction reduit remise
free gratis complimentary
cost charge fee price
pay payment settle
payer paiement regler reglement
client customer shopper buyer consumer
item product article good
shop store boutique
start begin commence launch
end finish terminate stop
cancel annul
modify change alter edit amend update
delete remove erase
choose select pick
click press tap
fix repair mend
receive get obtain
keep retain conserve
need require necessitate necessary
yearly annual annually
annuel annuellement
ensure
entitled eligible
include comprise contain
verify confirm check
mandatory compulsory obligatory required
allow permit authorize authorise let
accept
warranty guarantee guaranty
broken damaged defective faulty
contact reach write
show display
invoice bill
delivery deliver
delay postpone
late overdue
fast quick rapid quickly
open
close shut
sign subscribe enrol enroll register
login signin logon connect
mobile smartphone
website site
e-mail email mail courriel
deduct subtract withhold
immediately instantly straightaway
exchange swap replace
fill complete
add insert
save store
acheter commander achat commande
envoyer expedier adresser transmettre expedition envoi poster
colis paquet
rembourser
retourner renvoyer retour
gratuit offert offrir gratuitement
cout frais tarif prix montant
client acheteur consommateur
article produit
magasin boutique
commencer debuter demarrer
finir terminer achever
annuler resilier
modifier changer
supprimer effacer enlever
choisir selectionner
cliquer appuyer
reparer
recevoir obtenir reception recu
fournir inclure comprendre fourni inclus compris
garder conserver
exiger requerir necessiter
obligatoire imperatif requis indispensable
autoriser permettre
garantie
casse abime endommage defectueux
contacter joindre ecrire
afficher montrer
facture
livrer acheminer
retard
rapide rapidement vite
ouvrir
fermer
inscrire enregistrer abonner
connecter identifier
portable smartphone mobile
deduire retenir soustraire
immediatement aussitot
echanger remplacer
verifier controler
remplir completer
ajouter inserer
demander solliciter reclamer
prevenir informer avertir
utiliser employer
figurer apparaitre
accessible available
problem fault error
employe salarie
relatif porter concerner
prevoir stipuler
report statement
"""
)

# One line: words of which a sentence means one; another in its place is another fact.
RIVALS: tuple[frozenset[str], ...] = tuple(
    word_set(line)
    for line in """
standard express economy economique prioritaire priority
card cheque check cash paypal transfer voucher carte virement especes bon liquide
email phone post chat telephone courrier sms fax
online shop store instore
ligne magasin boutique
france belgium switzerland germany spain italy luxembourg belgique suisse allemagne espagne italie
monthly yearly weekly daily annual quarterly mensuel annuel hebdomadaire quotidien trimestriel
black white red blue green yellow pink noir blanc rouge bleu vert jaune rose
morning afternoon evening night matin soir nuit midi
android ios windows mac linux
seller buyer vendeur acheteur
sender recipient expediteur destinataire
admin administrator owner member guest viewer editor user administrateur proprietaire membre invite utilisateur
small medium large petit moyen grand
cotton wool silk leather linen coton laine soie cuir lin
cold hot warm froid chaud tiede
left right gauche droite
home store shop locker domicile magasin boutique relais
receipt invoice ticket facture
purchase delivery achat livraison reception expedition shipment
billing shipping facturation
before after avant apres
open close ouvrir fermer
increase decrease augmenter diminuer
more less
first last premier dernier
enable disable activer desactiver
adult child adulte enfant
spring summer autumn winter printemps ete automne hiver
""".strip().splitlines()
)
