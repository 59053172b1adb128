"""Words that carry no question, words spelt short, names and light words, in French and English. They stand folded:
lower
case, no accents. Tables are keyed by ISO 639-1 code; a language without tables is not drafted in."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def pairs(text: str) -> dict[str, str]:
    """From "these, or these = that", parted by semicolons or lines."""
    parts = [part.split("=") for part in text.replace("\n", ";").split(";") if part.strip()]
    return {left.strip(): right.strip() for lefts, right in parts for left in lefts.split(",")}


LANGUAGES = frozenset({"en", "fr"})

# Words that say nothing about what is asked.
STOP = {
    "en": _words(
        """
        a able about above actually after afternoon again all allow allowed already also always am an and another
        any anybody anyone anything are as ask asked asking at available away back be because been before being best
        both but by bye can cannot cant cheers come concerning could couldn currently d day days dear default detail
        details did didn do does doesn doing don done during each either else even evening ever every everybody
        everyone everything exactly explain few find for from further get gets getting give go goes going good got
        had happen happens has have haven having he hello help her here hey hi him his hope hour hours how however i
        idea if im in info information instead into is isn it its itself ive just keep kind know let like ll long
        look looking lot m madam made make makes many may maybe me mean might minute minutes month months more
        morning most much must my myself need needed needs never next no nobody normal not nothing now of off offer
        often ok okay on once one only or other our ours out over own per perhaps period please possible provide put
        question quick quickly quite rather re really reason regarding regards right s said same say see seem shall
        she should sir so some somebody someone something soon sorry still such sure t take taken takes team tell
        than thank thanks that the their them then there these they thing things think this those though through
        till time times to today together told too took try trying u under until up upon us use used using usual
        usually ve
        very want wanted wants was wasn way we week weeks well were what whats when where whether which while who
        whom whose why will wish with within without won wonder wondering work would wouldn wrong year years yes yet
        you your yours
        """
    ),
    "fr": _words(
        """
        a actuellement afin ai aide aider aie aimerais aimerait ainsi alors an annee annees ans apres arrive as au
        aucun aura aurais aurait aussi autre autres aux avais avait avance avant avec avez avoir avons beaucoup
        besoin bien bon bonjour bonne bonsoir c ca car cas ce cela celle celui ces cet cette ceux chaque chez ci
        combien comme comment comprends concernant cordialement d dans de deja delai delais depuis des detail
        details deux devoir devrais dire dis disponible dit dites dois doit donc donner du duree elle elles en
        encore ensuite entre equipe es est et etais etait etant ete etes etre eu eux evidemment exactement existe
        faire fais fait faites faut fois font gens grand habituel habituelle hello heure heures hors hui il ils info
        information informations infos j jai je jour journee jours juste l la laquelle le lequel les lesquels leur
        leurs lors lui m ma madame maintenant mais me meme merci mes mieux minute minutes moi moins mois mon
        monsieur n ne ni nos notre nous obtenir obtiens on ont ou oui par parce parmi partir pas pendant peu peut peuvent
        peux plait plus plusieurs plutot possibilite possible possibles pour pourquoi pourrais pourrait pourriez
        pouvez pouvoir pouvons prend prendre prends propose proposez puis puisque quand que quel quelle quelles
        quelqu quelque quelques quels question qui quoi remercie rien s sa sais salut sans sauf savez savoir se
        semaine semaines sera serai serais serait serons ses si sinon soit sommes son sont souhaite souhaiterais
                souhaiterait souhaitez sous stp suis suit suivant suivante suivantes suivants suivent sur svp t ta
        tant te temps tes toi ton toujours tous tout toute toutes
        tres trouver tu un une va vais vas venir vers veut veux vont vos votre voudrais voudrait vouloir voulons
        vous vraiment y
        """
    ),
}

# Text-message spelling, read only in what a customer wrote. Nothing on the right: it asks nothing.
SHORT = {
    "en": pairs(
        """
        u = you; r = are; ur = your; pls, plz, thx, ty, info, asap =; abt = about; b4 = before; wen = when;
        wat = what; hw = how; hv = have; cn = can; pkg = package; pw, pwd = password; acct, acc = account;
        dlvry, del = delivery; addr = address; tmrw = tomorrow; hrs = hours; hr = hour; wk = week; wks = weeks;
        gr8 = great; msg = message; lng = long; exp = express; intl = international; cust = customer;
        dont = do not; cant = can not; arrive, arrives = delivery; wanna = want; gonna = going; w = with; bday = birthday
        """
    ),
    "fr": pairs(
        """
        tps = temps; svp, stp, bjr, slt, dsl, mci =; pr = pour; ds = dans; qd, kan, kand = quand; koi = quoi;
        cmt, coment = comment; pk, pq = pourquoi; cmd, cde = commande; mdp = mot de passe; tt = tout;
        vs, vou = vous; ns = nous; jr = jour; jrs = jours; g = j ai; ki = qui; ke, k = que; dc = donc;
        bcp = beaucoup; mtn = maintenant; ajd = aujourd hui; tel = telephone; num = numero; pcq = parce que;
        ac, avk = avec; rmb = remboursement; kel = quel; kels = quels; mag = magasin; rep = reponse;
        peu = peut; e = est; fo = faut; c = c est; livr = livraison
        """
    ),
}

# A country is never a misspelling of another one: "Islande" is one letter away from "Irlande".
COUNTRIES = _words(
    """
    afghanistan albania albanie algeria algerie allemagne andorra andorre angleterre argentina argentine armenia
    armenie australia australie austria autriche bahrain belgique belgium bolivia bosnia bosnie brazil bresil
    bulgaria bulgarie cameroon cameroun canada chile chili china chine chypre colombia colombie congo corea coree
    corse croatia croatie cyprus czechia danemark denmark dubai ecosse egypt egypte england espagne estonia estonie
    etatsunis finland finlande france gabon georgia georgie germany grece greece guadeloupe guyane hongrie hungary
    iceland inde india indonesia indonesie iran iraq ireland irlande islande israel italie italy japan japon jordan
    jordanie kenya korea koweit kuwait latvia lebanon lettonie liban liechtenstein lithuania lituanie luxembourg
    macedoine macedonia madagascar malaysia mali malta malte maroc martinique mauritius mayotte mexico mexique
    moldova monaco montenegro morocco netherlands niger nigeria norvege norway pakistan paysbas perou peru
    philippines poland pologne portugal qatar reunion romania roumanie royaumeuni russia russie scotland senegal
    serbia serbie singapore singapour slovakia slovaquie slovenia slovenie spain suede suisse sweden switzerland
    taiwan thailand thailande tunisia tunisie turkey turquie uk ukraine usa vietnam wales
    """
)

# Words that say less of what a question is about than the noun beside them.
LIGHT = _words(
    """
    amener apporter bad big bring come complet complete full good grand grande grandes grands great gros grosse
    heavy large larges leger legere light lourd lourde meilleur narrow new nice nouveau nouvelle petit petite
    petites petits short small tall venir viens visit wide
    """
)
