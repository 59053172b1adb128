"""What a shop's customers and its articles call the same thing, in French and English. Words stand folded: lower case,
no accents. Every table is keyed by ISO 639-1 code; a language without tables is not drafted in."""

LANGUAGES = frozenset({"en", "fr"})

# Words that say nothing about what is asked.
STOP = {
    "en": frozenset(
        """a about above actually after again all already also always am another an and any anybody anyone anything are as ask asked
        asking at away back be because been before being best both but by bye can cannot cant come could couldn d day dear
        did didn do does doesn doing don done during each either else even ever every everyone everything exactly explain
        few find for from further get gets getting give go goes going good got had happen happens has have haven having he
        hello help her here hey hi him his hope how however i idea if im in instead into is isn it its itself ive just keep
        kind know let like ll long look looking lot m made make makes many may maybe me mean might more most much must my
        myself need needed needs never next no nobody not nothing now of off offer often ok okay on once one only or other
        our ours out over own perhaps please possible provide put question quick quickly quite rather re really reason
        regards right s said same say see seem shall she should so some somebody someone something soon sorry still such
        sure take takes taken tell than thank thanks that the their them then there these they thing things think this those
        though through till to today together told too took try trying under until up upon us use used using usually ve
        very want wanted wants was wasn way we well were what whats when where whether which while who whom whose why will
        wish with within without won wonder wondering work would wouldn wrong yes yet you your yours t u able allow allowed
        available currently default do regarding concerning info information detail details per sir madam team everybody
        cheers evening morning afternoon usual usually normal minute minutes hour hours days week weeks month months year years period""".split()
    ),
    "fr": frozenset(
        """a afin ai aide aider aie ainsi alors apres as au aucun aura aurais aurait aussi autre autres aux avais avait avant
        avec avez avoir avons beaucoup besoin bien cas bon bonjour bonne bonsoir c ca car ce cela celle celui ces cet cette ceux
        chaque chez ci comme comment combien concernant cordialement d dans de deja depuis des detail details deux devoir
        devrais dire dis dit dites dois doit donc donner du elle elles en encore ensuite entre es est et etais etait etant
        ete etes etre eu eux evidemment exactement existe fait faire faites fais faut fois font gens grand hors hui il ils
        info information informations infos j jai je journee juste l la laquelle le lequel les lesquels leur leurs lors lui
        m ma mais madame maintenant me meme mes mieux moi moins mon monsieur n ne ni nos notre nous on ont ou oui par parce
        parmi partir pas peu peut peuvent peux plait plus plusieurs plutot possibilite possible possibles pour pourquoi
        pourrais pourrait pouvez pouvoir pouvons pourriez prendre prend prends puis puisque quand que quel quelle quelles
        quelqu quelque quelques quels question qui quoi rien s sa salut sans sauf savoir savez se sera serait ses si sinon
        soit sommes son sont sous souhaite souhaiterais souhaiterait souhaitez suis sur svp t ta tant te temps tes toi ton
        toujours tous tout toute toutes tres trouver tu un une va vais vas venir vers veut veux vont vos votre vouloir
        voulons voudrais voudrait vous vraiment y merci remercie avance aimerais aimerait actuellement disponible combien serai serais serons habituel habituelle heure heures jours semaine semaines mois an ans annee annees delai delais duree minute minutes
        proposez propose arrive comprends sais jour equipe bonsoir hello stp""".split()
    ),
}

# What is meant when a few words stand together (longest first is looked for first); the right side replaces them.
PHRASES = {
    "en": {
        "where is my order": "track order",
        "where is my parcel": "track parcel",
        "where is my package": "track parcel",
        "where is my delivery": "track delivery",
        "where s my order": "track order",
        "where s my parcel": "track parcel",
        "where s my package": "track parcel",
        "log in": "login",
        "logged in": "login",
        "log into": "login",
        "sign in": "login",
        "sign into": "login",
        "log on": "login",
        "sign up": "register",
        "send back": "return",
        "sent back": "return",
        "sending back": "return",
        "send it back": "return",
        "send them back": "return",
        "give back": "return",
        "bring back": "return",
        "money back": "refund",
        "cash back": "refund",
        "e mail": "email",
        "united kingdom": "uk",
        "great britain": "uk",
        "united states": "usa",
        "free of charge": "free",
        "for free": "free",
        "pick up": "pickup",
        "picked up": "pickup",
        "collect from store": "pickup",
        "click and collect": "pickup",
        "credit card": "card",
        "debit card": "card",
        "bank card": "card",
        "gift voucher": "giftcard",
        "gift card": "giftcard",
        "gift cards": "giftcard",
        "gift certificate": "giftcard",
        "discount code": "coupon",
        "promo code": "coupon",
        "voucher code": "coupon",
        "tracking number": "track number",
        "on the way": "ship",
        "change my mind": "withdraw",
        "changed my mind": "withdraw",
        "opening hours": "open",
        "opening times": "open",
        "business hours": "open",
        "close my account": "delete account",
        "open an account": "create account",
        "postage": "delivery cost",
        "size s": "size sizes_s",
        "size m": "size sizes_m",
        "size l": "size sizes_l",
    },
    "fr": {
        "ou est ma commande": "suivre commande",
        "ou est mon colis": "suivre colis",
        "ou en est ma commande": "suivre commande",
        "ou en est mon colis": "suivre colis",
        "ou se trouve mon colis": "suivre colis",
        "mot de passe": "motdepasse",
        "mots de passe": "motdepasse",
        "e mail": "email",
        "adresse mail": "adresse email",
        "adresse electronique": "adresse email",
        "carte bancaire": "carte",
        "carte bleue": "carte",
        "carte de credit": "carte",
        "carte cadeau": "cartecadeau",
        "cartes cadeaux": "cartecadeau",
        "cheque cadeau": "cartecadeau",
        "bon d achat": "cartecadeau",
        "code promo": "codepromo",
        "code de reduction": "codepromo",
        "code promotionnel": "codepromo",
        "codes promo": "codepromo",
        "point relais": "pointrelais",
        "points relais": "pointrelais",
        "royaume uni": "royaumeuni",
        "etats unis": "etatsunis",
        "pays bas": "paysbas",
        "se connecter": "connexion",
        "me connecter": "connexion",
        "changer d avis": "retractation",
        "change d avis": "retractation",
        "service client": "serviceclient",
        "plusieurs fois": "fractionner",
        "deux fois": "fractionner",
        "trois fois": "fractionner",
        "quatre fois": "fractionner",
        "2 fois": "fractionner",
        "3 fois": "fractionner",
        "4 fois": "fractionner",
        "10 fois": "fractionner",
        "frais de port": "frais livraison",
        "horaires d ouverture": "ouvert",
        "heures d ouverture": "ouvert",
        "horaires": "ouvert",
        "fermer mon compte": "supprimer compte",
        "ouvrir un compte": "creer compte",
        "taille s": "taille tailles_s",
        "taille m": "taille tailles_m",
        "taille l": "taille tailles_l",
        "numero de suivi": "suivre numero",
        "jours ouvres": "ouvres",
        "a vie": "vie",
    },
}

# Each line: words that an answer may use for one another. Compared by stem, at a discount against the same word.
CONCEPTS = {
    "en": """
        deliver ship dispatch send arrive
        parcel package
        order purchase buy bought
        return
        refund reimburse repay
        cost price fee charge rate
        free complimentary
        warranty guarantee
        broken damage defective faulty crack
        repair fix
        invoice bill receipt
        pay payment
        email mail
        phone telephone call
        swap exchange
        cancel
        change modify edit update amend
        delete erase
        login
        register create
        track follow status
        card visa mastercard
        coupon voucher discount promotion
        size fit measurement
        item product article goods
        shop store
        wash clean launder
        stock
        postcode zip
        instalment installment
        pickup collect
        uk britain england
        customs duty
        withdraw
        assemble assembly install installation
        subscribe subscription membership
        unsubscribe
        gift present
        old previous
        mistake error
        lose lost missing
        forget forgotten forgot reset
    """,
    "fr": """
        livrer livraison expedier expedition envoyer envoi acheminer acheminement
        colis paquet
        commande commander achat acheter
        retour retourner renvoyer renvoi rendre
        rembourser remboursement
        cout couter prix tarif frais
        gratuit offert
        garantie garantir
        casse abime endommage defectueux panne defaut
        reparer reparation
        facture facturation
        payer paiement regler reglement
        email mail courriel mel
        telephone telephoner appeler appel
        echange echanger
        annuler annulation
        changer modifier modification changement
        supprimer suppression effacer cloturer
        connexion connecter
        creer creation inscrire inscription
        suivre suivi
        carte visa mastercard
        codepromo promotion reduction remise
        taille pointure mesure
        article produit
        magasin boutique
        laver lavage entretien nettoyer nettoyage
        adresse
        fractionner echelonner
        retrait retirer recuperer
        douane
        retractation
        monter montage installer installation assemblage
        abonner abonnement
        desabonner desabonnement desinscrire resilier resiliation
        cadeau
        ancien
        erreur
        perdre perdu
        oublier oublie reinitialiser reinitialisation
        recevoir reception
        garder conserver
        activer activation
        desactiver desactivation
    """,
}

# Text-message spelling, read only in what a customer wrote.
SHORT = {
    "en": {
        "u": "you", "r": "are", "ur": "your", "pls": "", "plz": "", "thx": "", "ty": "", "abt": "about", "b4": "before",
        "wen": "when", "wat": "what", "hw": "how", "hv": "have", "cn": "can", "pkg": "package",
        "pw": "password", "pwd": "password", "acct": "account", "acc": "account", "dlvry": "delivery", "addr": "address",
        "tmrw": "tomorrow", "hrs": "hours", "hr": "hour", "wk": "week", "wks": "weeks", "gr8": "great", "msg": "message", "lng": "long",
        "info": "", "asap": "", "exp": "express", "intl": "international", "del": "delivery", "cust": "customer",
        "dont": "do not", "cant": "can not", "wanna": "want", "gonna": "going", "w": "with", "bday": "birthday",
    },
    "fr": {
        "tps": "temps", "svp": "", "stp": "", "pr": "pour", "ds": "dans", "qd": "quand", "kan": "quand", "kand": "quand",
        "koi": "quoi", "cmt": "comment", "coment": "comment", "pk": "pourquoi", "pq": "pourquoi", "bjr": "", "slt": "",
        "cmd": "commande", "cde": "commande", "mdp": "mot de passe", "tt": "tout", "vs": "vous", "ns": "nous",
        "jr": "jour", "jrs": "jours", "g": "j ai", "ki": "qui", "ke": "que", "k": "que", "dc": "donc", "bcp": "beaucoup",
        "mtn": "maintenant", "ajd": "aujourd hui", "tel": "telephone", "num": "numero", "pcq": "parce que", "ac": "avec",
        "avk": "avec", "rmb": "remboursement", "kel": "quel", "kels": "quels", "mag": "magasin", "rep": "reponse",
        "peu": "peut", "e": "est", "fo": "faut", "dsl": "", "mci": "", "c": "c est", "vou": "vous", "livr": "livraison",
    },
}  # fmt: skip

# A country is never a misspelling of another one: "Islande" is one letter away from "Irlande".
COUNTRIES = frozenset(
    """afghanistan albania albanie algeria algerie allemagne andorra andorre angleterre argentina argentine armenia armenie
    australia australie austria autriche bahrain belgium belgique bolivia bosnia bosnie brazil bresil bulgaria bulgarie
    cameroon cameroun canada chile chili china chine chypre colombia colombie congo corea coree corse croatia croatie cyprus
    czechia danemark denmark dubai ecosse egypt egypte england espagne estonia estonie etatsunis finland finlande france
    gabon georgia georgie germany grece greece guadeloupe guyane hongrie hungary iceland inde india indonesia indonesie iran
    iraq ireland irlande islande israel italie italy japan japon jordan jordanie kenya korea koweit kuwait lebanon lettonie
    liban liechtenstein lithuania lituanie luxembourg macedonia macedoine madagascar malaysia mali malta malte maroc
    martinique mauritius mayotte mexico mexique moldova monaco montenegro morocco netherlands niger nigeria norvege norway
    pakistan paysbas peru perou philippines pologne poland portugal qatar reunion romania roumanie royaumeuni russia russie
    scotland senegal serbia serbie singapore singapour slovakia slovaquie slovenia slovenie spain suede suisse sweden
    switzerland taiwan thailand thailande tunisia tunisie turkey turquie uk ukraine usa vietnam wales latvia""".split()
)

# Adjectives that say less of what a question is about than the noun beside them.
QUALITIES = frozenset(
    """small big large tall short wide narrow heavy light new good bad great nice full petit petite petits petites grand grande
    grands grandes large larges gros grosse lourd lourde leger legere nouveau nouvelle meilleur complet complete""".split()
)
