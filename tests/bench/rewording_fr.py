"""French: other words, and other shapes of a sentence."""
# ruff: noqa: E501  # a pattern is one line

import re
from collections.abc import Mapping

from tests.bench.turns import Turn, exchanged, moved, shaped

_WORDS = exchanged(
    r"""
    vous pouvez -> il vous est possible de | vous avez la possibilité de
    vous devez -> il vous faut | vous êtes tenu de
    doit être -> est obligatoirement
    ne peut pas -> ne saurait
    il est possible de -> on peut
    il est nécessaire de -> il faut
    il faut -> il est nécessaire de
    il convient de -> il faut
    afin de -> pour | dans le but de
    pour(?= \w+(?:er|ir|re)\b) -> afin de
    par exemple -> notamment | entre autres
    notamment -> entre autres | en particulier
    cependant -> toutefois | néanmoins
    toutefois -> cependant | néanmoins
    en outre -> de plus
    de plus -> par ailleurs | en outre
    également -> aussi
    ainsi que -> et aussi | et
    obtenir -> recevoir | se procurer
    demander -> réclamer | solliciter
    supprimer -> effacer
    effacer -> supprimer
    modifier -> changer
    conserver -> garder
    conservées -> gardées
    conservés -> gardés
    utiliser -> se servir de | employer
    utilisées -> employées
    utilisés -> employés
    indiquer -> préciser
    préciser -> indiquer
    informer -> avertir | prévenir
    informées -> prévenues
    informés -> prévenus
    adresser -> envoyer
    envoyer -> adresser | transmettre
    transmettre -> communiquer | envoyer
    transmises -> communiquées
    contacter -> joindre
    (?<!vous )(?<!me )(?<!le )(?<!la )concernant -> au sujet de | à propos de
    permet de -> sert à
    permettent de -> servent à
    doivent être -> sont obligatoirement
    immédiatement -> aussitôt | sans attendre
    environ -> à peu près
    lorsque -> quand
    dès que -> aussitôt que
    parce que -> car
    car -> parce que
    si vous souhaitez -> si vous voulez
    vous souhaitez -> vous voulez | vous désirez
    souhaite -> veut | désire
    au moins -> au minimum
    au maximum -> au plus
    à moins que -> sauf si
    sauf si -> excepté si
    sauf -> excepté | hormis
    à l'exception de -> sauf | hormis
    gratuitement -> sans frais
    gratuit -> offert
    salariés -> employés
    entreprise -> société
    courrier électronique -> courriel | e-mail
    courriel -> e-mail
    difficultés -> problèmes
    important -> essentiel
    principalement -> surtout
    uniquement -> seulement
    seulement -> uniquement
    actuellement -> à présent
    mettre en place -> instaurer
    mise en place -> instauration
    effectuer -> réaliser | faire
    effectuée -> réalisée
    effectué -> réalisé
    réaliser -> effectuer
    vérifier -> contrôler
    choisir -> sélectionner
    accéder à -> consulter
    fournir -> donner | procurer
    figurer -> apparaître
    figurant -> apparaissant
    prévoit -> stipule
    concerne -> touche
    via -> par le biais de
    en cas de -> en présence de
    dans le cadre de -> lors de
    à compter de -> à partir de
    à partir de -> à compter de
    selon -> d'après
    relatives à -> portant sur
    relatifs à -> portant sur
    relative à -> portant sur
    nécessaires -> requises
    directement -> en direct
    cela -> ceci
    n'est pas possible -> est impossible
    est interdit -> n'est pas autorisé
    """
)

_DONE = dict(
    line.split()
    for line in """utilisé utiliser
demandé demander
supprimé supprimer
conservé conserver
modifié modifier
informé informer
transmis transmettre
consulté consulter
effacé effacer
vérifié vérifier
communiqué communiquer
enregistré enregistrer
signalé signaler
envoyé envoyer
adressé adresser
contacté contacter
limité limiter
respecté respecter
réalisé réaliser
déclaré déclarer
exercé exercer
collecté collecter
traité traiter
publié publier
diffusé diffuser""".splitlines()
)
_BASES = {base: done for done, base in _DONE.items()}
_ARTICLE = {
    "le": "",
    "un": "",
    "votre": "",
    "ce": "",
    "la": "e",
    "une": "e",
    "cette": "e",
    "les": "s",
    "vos": "s",
    "ces": "s",
    "des": "s",
}
_VERBS = "|".join(_BASES)
_END = r"(?= (?:par|dans|auprès|pour|avant|après|si|sauf|en|à|sur|lorsque|dès)\b|[.,])"


def _passive(hit: re.Match[str]) -> str:
    article = hit["article"].lower()
    many = _ARTICLE[article].endswith("s")
    force = {"pouvez": ("peut", "peuvent"), "devez": ("doit", "doivent")}[hit["force"]][many]
    return f"{article} {hit['noun']} {force} être {_BASES[hit['verb']]}{_ARTICLE[article]}"


def _active(hit: re.Match[str]) -> str:
    done = hit["done"]
    base = _DONE[done.rstrip("s").removesuffix("e") if done.rstrip("s").removesuffix("e") in _DONE else done]
    force = {"peut": "pouvez", "peuvent": "pouvez", "doit": "devez", "doivent": "devez"}[hit["force"]]
    return f"vous {force} {base} {hit['thing'][0].lower()}{hit['thing'][1:]}"


_VOICE: tuple[Turn, ...] = (
    *(
        (turn[0], (_passive,))
        for turn in shaped(
            (
                rf"^[Vv]ous (?P<force>pouvez|devez) (?P<verb>{_VERBS}) (?P<article>le|la|les|un|une|votre|vos|ce|cette|ces) (?P<noun>[\w'’-]+(?: (?:de|des|du) [\w'’-]+)?){_END}",
                "",
            ),
        )
    ),
    *(
        (turn[0], (_active,))
        for turn in shaped(
            (
                rf"^(?P<thing>(?:Le|La|Les|Un|Une|Votre|Vos|Ces|Cette) [\w'’-]+(?: (?:de|des|du) [\w'’-]+)?) (?P<force>peut|peuvent|doit|doivent) être (?P<done>(?:{'|'.join(_DONE)})e?s?)\b(?! par\b)",
                "",
            ),
        )
    ),
)
_CONDITION = (
    moved(
        r"^(?P<main>[A-ZÀ-Ý][^,;:()]{15,160}?),? (?P<mark>si|lorsque|quand|dès que|avant de|après) (?P<inner>[^,;:()]{8,120})\.$",
        "{mark} {inner}, {main}.",
    ),
    moved(
        r"^(?P<mark>Si|Lorsque|Quand|Dès que|Avant de|Après) (?P<inner>[^,;:()]{8,120}), (?P<main>[^;:()]{12,160})\.$",
        "{main} {mark} {inner}.",
    ),
    moved(r"^(?P<mark>Pour) (?P<inner>[^,;:()]{8,100}), (?P<main>[^;:()]{12,160})\.$", "{main} pour {inner}."),
    moved(
        r"^(?P<mark>Dans ce cas|En pratique|En principe|En cas de \w+), (?P<main>[^;:()]{12,200})\.$", "{main} {mark}."
    ),
)
_SPLIT = shaped(
    (
        r"^(?P<left>[^;:()]{20,160}), et (?P<right>(?:vous|il|elle|ils|elles|nous|le|la|les|votre|ce|cette|ces) [^;:()]{12,})$",
        r"\g<left>. \g<right>",
    ),
    (r"^(?P<left>[^;:()]{20,160}) ?; (?P<right>[^;()]{12,})$", r"\g<left>. \g<right>"),
    (
        r"^(?P<left>[^;:()]{20,160}), mais (?P<right>(?:vous|il|elle|ils|elles|nous|le|la|les|votre|ce|cette|ces) [^;:()]{12,})$",
        r"\g<left>. Cependant, \g<right>",
    ),
    (r"^(?P<left>[^;:()]{20,160}), car (?P<right>[^;:()]{12,})$", r"\g<left>. En effet, \g<right>"),
)
_ASIDES = (
    *shaped(
        (r" \((?!si|sauf|uniquement|sous|hors|dans la limite|max|min)[^()\d]{3,80}\)", ""),
        (
            r"^(?:Cependant|Toutefois|En outre|De plus|Par ailleurs|Ainsi|En effet|Enfin|Attention|Par exemple|En général|En pratique|À noter que|A savoir) ?[,:] ",
            "",
        ),
    ),
    *exchanged(r"(?:simplement|facilement|bien entendu|bien sûr|en effet|effectivement|tout simplement) -> "),
)
_PRONOUNS = shaped(
    (r"^(?:Les (?:clients|utilisateurs|usagers|personnes)) peuvent\b", "Vous pouvez"),
    (r"^(?:Les (?:clients|utilisateurs|usagers|personnes)) doivent\b", "Vous devez"),
    (r"^(?:Le client|L'utilisateur|L'usager|Toute personne) peut\b", "Vous pouvez"),
    (r"^(?:Le client|L'utilisateur|L'usager|Toute personne) doit\b", "Vous devez"),
)

FRENCH: Mapping[str, tuple[Turn, ...]] = {
    "words": _WORDS,
    "voice": _VOICE,
    "order": _CONDITION,
    "split": _SPLIT,
    "asides": _ASIDES,
    "pronouns": _PRONOUNS,
}
