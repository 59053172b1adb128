"""English: other words, and other shapes of a sentence."""
# ruff: noqa: E501  # a pattern is one line

import re
from collections.abc import Mapping

from tests.bench.turns import Turn, exchanged, moved, shaped

_WORDS = exchanged(
    r"""
    you can -> you are able to | you may | it is possible for you to
    (customers|users|clients|members|cardholders|applicants) can -> \1 are able to | \1 may
    you must -> you have to | you need to
    you need to -> you must | you have to
    you should -> we recommend that you | it is best that you
    (customers|users|members|applicants) must -> \1 have to | \1 need to
    must be -> has to be | needs to be
    cannot -> can not | can't
    do not -> don't
    does not -> doesn't
    is not -> isn't
    are not -> aren't
    in order to -> to | so as to
    if you want to -> if you would like to | if you wish to
    if you would like to -> if you want to
    for example -> for instance | e.g.
    ensure that -> make sure that
    ensure -> make sure of | see to
    require -> need | call for
    requires -> needs | calls for
    required -> necessary | needed
    needed -> necessary | required
    receive -> get | obtain
    receives -> gets
    obtain -> get
    begin -> start
    begins -> starts
    choose -> select | pick
    select -> choose | pick
    to purchase -> to buy
    assist -> help
    to help -> to assist
    additional -> extra | further
    numerous -> many
    multiple -> several
    several -> multiple
    immediately -> right away | at once
    approximately -> about | around | roughly
    prior to -> before
    regarding -> about | concerning
    via -> through | by way of
    allows you to -> lets you | makes it possible to
    lets you -> allows you to
    allow you to -> let you
    enables you to -> lets you
    each(?! (?:with|will|has|of|can|is|other)\b) -> every
    every -> each
    large -> big
    quickly -> fast | rapidly
    modify -> change | alter
    to change -> to modify | to alter
    changes -> modifications
    delete -> remove | erase
    to display -> to show
    shows -> displays
    provide -> give | supply
    provides -> gives | supplies | offers
    offers -> provides
    because(?! of) -> since | as
    although -> even though
    however -> that said | still
    therefore -> so | for that reason
    as well as -> and also
    also -> in addition
    within(?= (?:\d|one|two|three|four|five)) -> in no more than
    at least -> no less than | a minimum of
    a minimum of -> at least
    up to -> at most | a maximum of
    unless -> except if
    except -> apart from | excluding
    only if -> solely if
    fee -> charge
    fees -> charges
    free of charge -> free | at no cost
    eligible for -> entitled to
    employees -> staff
    an issue -> a problem
    issues -> problems
    error -> fault
    create -> make | set up
    creates -> makes
    to use -> to make use of | to employ
    you use -> you make use of
    uses -> makes use of | employs
    using -> by means of | with
    to monitor -> to keep an eye on | to watch
    to review -> to look over | to go through
    verify -> check | confirm
    to check -> to verify
    contact(?= (?:us|our|the|your|support|customer)\b) -> get in touch with | reach
    submit -> send in | hand in
    to complete -> to finish | to fill in
    occurs -> happens
    occur -> happen
    applies to -> holds for | concerns
    includes -> contains | comprises
    include -> contain | comprise
    to determine -> to work out | to find out
    improve -> make better | enhance
    reduce -> lower | cut down
    to increase -> to raise
    attempt to -> try to
    documents -> papers
    annual -> yearly
    important -> essential
    typically -> usually | as a rule
    usually -> typically | normally
    often -> frequently
    directly -> straight
    currently -> at present | at the moment
    specific -> particular
    simple -> easy
    easy -> simple
    entire -> whole
    incorrect -> wrong
    similar -> comparable
    the following -> these
    in case of -> in the event of
    such as -> like
    as soon as -> once
    instead of -> rather than
    due to -> because of | owing to
    """
)

# Base form by participle, for what a reply tells a reader to do or that is done to things.
_DONE = dict(
    line.split()
    for line in """used use
made make
sent send
checked check
reviewed review
changed change
updated update
opened open
closed close
cancelled cancel
canceled cancel
added add
removed remove
deleted delete
created create
requested request
submitted submit
verified verify
provided provide
viewed view
found find
applied apply
completed complete
activated activate
included include
linked link
transferred transfer
selected select
accessed access
stored store
tracked track
paid pay
shared share
reported report
combined combine
increased increase
redeemed redeem
downloaded download
managed manage
adjusted adjust
replaced replace
confirmed confirm
tested test
returned return""".splitlines()
)
_VERBS = "|".join(sorted(set(_DONE.values())))
_PARTICIPLES = {base: done for done, base in reversed(_DONE.items())}
_THING = r"(?:the|your|their|a|an|these|those|this|all)(?: (?!to\b|and\b|or\b|that\b|which\b|by\b|for\b|in\b|on\b|from\b|with\b)[\w-]+){1,3}"


def _passive(hit: re.Match[str]) -> str:
    thing = hit["thing"]
    return f"{thing} {hit['force']} be {_PARTICIPLES[hit['verb'].lower()]}"


def _active(hit: re.Match[str]) -> str:
    return f"you {hit['force']} {_DONE[hit['done'].lower()]} {hit['thing'][0].lower()}{hit['thing'][1:]}"


_VOICE: tuple[Turn, ...] = (
    *(
        (turn[0], (_passive,))
        for turn in shaped(
            (
                rf"^(?P<who>[Yy]ou|Customers|Users) (?P<force>can|must|should|may) (?P<verb>{_VERBS}) (?P<thing>{_THING})(?= (?:in|on|from|by|at|through|within|with|for|before|after|if|unless|to|until)\b|[.,])",
                "",
            ),
        )
    ),
    *(
        (turn[0], (_active,))
        for turn in shaped(
            (
                rf"^(?P<thing>(?:The|Your|These|All|This)(?: (?!that\b|which\b|to\b|and\b|or\b)[\w-]+){{1,3}}) (?P<force>can|must|should|may) be (?P<done>{'|'.join(_DONE)})\b(?! by\b)",
                "",
            ),
        )
    ),
)

_CONDITION = (
    moved(
        r"^(?P<main>[A-Z][^,;:()]{15,160}?),? (?P<mark>if|unless|when|once|before|after) (?P<inner>[^,;:()]{8,120})\.$",
        "{mark} {inner}, {main}.",
    ),
    moved(
        r"^(?P<mark>If|Unless|When|Once|Before|After) (?P<inner>[^,;:()]{8,120}), (?P<main>[^;:()]{12,160})\.$",
        "{main} {mark} {inner}.",
    ),
    moved(r"^(?P<mark>To) (?P<inner>[^,;:()]{8,100}), (?P<main>[^;:()]{12,160})\.$", "{main} to {inner}."),
    moved(
        r"^(?P<main>[A-Z][^,;:()]{15,140}) (?P<mark>because) (?P<inner>[^,;:()]{8,120})\.$", "Because {inner}, {main}."
    ),
)
_SPLIT = shaped(
    (
        r"^(?P<left>[^;:()]{20,160}), and (?P<right>(?:you|it|they|we|the|your|this|these|there) [^;:()]{12,})$",
        r"\g<left>. \g<right>",
    ),
    (r"^(?P<left>[^;:()]{20,160}); (?P<right>[^;()]{12,})$", r"\g<left>. \g<right>"),
    (
        r"^(?P<left>[^;:()]{20,160}), but (?P<right>(?:you|it|they|we|the|your|this|these|there) [^;:()]{12,})$",
        r"\g<left>. However, \g<right>",
    ),
    (r"^(?P<left>[^;:()]{20,160}), so (?P<right>[^;:()]{12,})$", r"\g<left>. So \g<right>"),
)
_ASIDES = (
    *shaped(
        (r" \((?!if|unless|except|only|not|when|up to|max|min)[^()\d]{3,80}\)", ""),
        (
            r"^(?:However|In addition|Additionally|Also|Furthermore|Moreover|Note that|Please note that|Generally|For example|In general|Finally|Similarly|As a reminder),? ",
            "",
        ),
    ),
    *exchanged(r"(?:simply|easily|please|just|really|actually|basically|in fact|of course) -> "),
)
_PRONOUNS = shaped(
    (
        r"^(?:Customers|Users|Cardholders|Members|Applicants|Clients) (?P<rest>can|must|should|may|are able to|need to|have to)\b",
        r"You \g<rest>",
    ),
    (r"^The (?:customer|user|cardholder|member|applicant|client) (?P<rest>can|must|should|may)\b", r"You \g<rest>"),
    (
        r"\b(?:the customer's|the user's|their) (?=account|card|identity|balance|order|password|application|email)",
        "your ",
    ),
)

ENGLISH: Mapping[str, tuple[Turn, ...]] = {
    "words": _WORDS,
    "voice": _VOICE,
    "order": _CONDITION,
    "split": _SPLIT,
    "asides": _ASIDES,
    "pronouns": _PRONOUNS,
}
