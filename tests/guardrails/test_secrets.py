"""Keys, passwords, prompts, marks and left-over tokens: each form and its look-alikes, and what a customer is asked for."""

from guardrails.base import Level, Reply, Sentence, Source
from guardrails.checks.secrets import ASKS, KEY, MARK, PASSWORD, PROMPT, TOKEN, secrets
from guardrails.grounding.colleague_answers import Answered
from guardrails.pii.mask import KINDS
from tests.guardrails.said import OPTIONS, reply


def found(text: str, *sources: str) -> list[str]:
    return [finding.id for finding in secrets(reply(text, *sources), OPTIONS)]


def without(id_: str, texts: list[str]) -> dict[str, list[str]]:
    """The texts that do not raise a finding, with what they raise."""
    return {text: ids for text in texts if id_ not in (ids := found(text))}


def raising(texts: list[str]) -> dict[str, list[str]]:
    """The texts that raise any finding."""
    return {text: ids for text in texts if (ids := found(text))}


def test_every_form_of_key_is_seen():
    body = "abcDEF0123456789"
    keys = [
        f"sk-{body}", f"sk-proj-{body}", "AKIAABCDEFGHIJKLMNOP", "ASIAABCDEFGHIJKLMNOP", f"ghp_{body}{body}",
        f"gho_{body}{body}", f"github_pat_{body}{body}", "glpat-abcdefghij0123456789", f"xoxb-{body}", f"xoxp-{body}",
        f"AIza{body}{body}abc", f"eyJhbGciOiJIUzI1NiJ9.eyJ{body}", f"sk_live_{body}", f"rk_test_{body}",
        f"hf_{body}{body}", f"SG.{body}.{body}", "-----BEGIN PRIVATE KEY-----", "-----BEGIN CERTIFICATE-----",
        f"Bearer {body}", f"Basic {body}", "ftp://bob:secret@files.example",
    ]  # fmt: skip
    assert without(KEY, [f"Use {key} here" for key in keys]) == {}


def test_what_only_looks_like_a_key_is_none():
    texts = [
        "Use sk-1.", "Order CMD-2025-0012345.", "The task-force arrived.", "A risk-abcDEF0123456789 word",
        "Bearer of news", "Basic lamps are here.", "See https://shop.example:8080/a", "Begin with the key.",
        "A ghp in the text.", "HF radio",
    ]  # fmt: skip
    assert raising(texts) == {}


def test_a_password_is_seen_behind_each_of_its_names():
    names = [
        "password", "Passcode", "passphrase", "pwd", "mot de passe", "mdp", "API key", "api_key", "clé API",
        "clé d'API", "secret", "token", "code PIN", "PIN code",
    ]  # fmt: skip
    shown = [f"Your {name}: hunter2!" for name in names] + [f"Your {name} is hunter2!" for name in names]
    shown += ["Le mot de passe est Azerty123.", "password = «hunter2»", "Your password is “hunter2”."]
    assert without(PASSWORD, shown) == {}


def test_a_password_is_seen_behind_what_else_is_said_of_it():
    shown = [
        "The password for the portal is Kestrel4471.", "Your password for the portal is “hunter2!”.",
        "The API key of your account is 9f3kd02ms1.", "The PIN code you need at the gate is 4471.",
        "The passcode to the garage will be hunter2x.", "The token that works today: kx81_aa2.",
        "The password reset is done, and the password for the shop is hunter2x.",
        "Le mot de passe pour le portail est Azerty123.", "Le mot de passe du wifi de la salle était Azerty123.",
        "La clé API de votre compte est 9f3kd02ms1.", "Le code PIN que vous utilisez est 4471.",
    ]  # fmt: skip
    assert without(PASSWORD, shown) == {}


def test_what_is_said_of_a_password_is_none():
    texts = [
        "The password for the portal is case-sensitive.", "Your password reset request is #48213.",
        "The password for the portal is valid!", "The page for a new password is https://fanalou.example/reset2.",
        "The password of your account is on https://fanalou.example/p2.", "The token for the API is kept for 45 minutes.",
        "A password for the portal: choose 12 characters.", "The secret of our coffee is 18 hours of rest.",
        "The password for the portal is https://fanalou.example/reset2.",
        "Le mot de passe du portail est sensible à la casse.", "Le mot de passe pour le wifi est sur la carte, chambre 4471.",
        "Le lien pour le mot de passe est valable 45 minutes.",
    ]  # fmt: skip
    assert raising(texts) == {}


def test_a_password_that_is_spoken_of_is_not_shown():
    texts = [
        "Choose a new password.", "Your password is too short.", "The password is case-sensitive.",
        "Mot de passe oublié ?", "Le mot de passe est sensible à la casse.", "A secret is kept.", "The token expires.",
        "Your password: choose it well.", "Reset your password in the app.",
    ]  # fmt: skip
    assert raising(texts) == {}


def test_a_reply_does_not_speak_of_its_own_instructions():
    texts = [
        "My system prompt says no.", "My instructions forbid it.", "Here are my instructions.", "I was told to say no.",
        "I have been programmed to help.", "I am instructed to refuse.", "You are klark.",
        "It is past my knowledge cutoff.", "I am a language model.", "The developer prompt says no.",
        "Mes consignes l'interdisent.", "Voici mon prompt.", "J'ai été programmée pour aider.",
        "On m'a configuré ainsi.", "Tu es klark.", "Je suis un modèle de langage.",
    ]  # fmt: skip
    assert without(PROMPT, texts) == {}


def test_instructions_of_a_product_are_no_prompt():
    texts = [
        "Follow the instructions in the box.", "Your instructions are on page 2.", "A prompt reply helps.",
        "The lamp is programmed.", "Suivez les consignes de tri.", "The prompt asks for a code.",
        "Our model speaks your language.",
    ]  # fmt: skip
    assert raising(texts) == {}


def test_every_mark_of_a_data_block_is_seen():
    marks = [
        "<<<data-4f2a>>>", ">>>", "<data>", "</data>", "<ticket>", "</ticket>", "<passage>", "</passages>",
        "<article-3>", "<instructions>", "</system>", "[INST]", "[/INST]", "<|im_start|>", "<|system|>", "<DATA>",
        "<ticket 4>",
    ]  # fmt: skip
    assert without(MARK, [f"Hello {mark} there" for mark in marks]) == {}
    assert (
        raising(["« Retour »", "<< Retour >>", "a < b > c", "[1]", "<b>bold</b>", "instructions: none", "5 > 3"]) == {}
    )


def test_a_token_of_every_kind_is_seen_where_it_was_left_over():
    written = (
        "[{}_1]",
        "[ {}_12 ]",
        "{{{}_1}}",
        "({}_1)",
        "«{}_1»",
        "⟦{}_1⟧",
        "<{}_1>",
        "[[{}_1]]",
        "[{} 1]",
        "[{}-1]",
    )
    assert without(TOKEN, [f"Hello {way.format(kind)}, thanks" for way in written for kind in KINDS]) == {}


def test_a_standard_in_round_brackets_is_no_token():
    assert (
        raising(["Data is encrypted (AES-256).", "The pool is certified (ISO 9001).", "Masks (FFP-2) are free."]) == {}
    )
    assert without(TOKEN, ["Hello [AES-256], thanks"]) == {}


def test_a_token_without_brackets_is_seen_too():
    bare = [
        "NAME_1", "EMAIL_2", "PHONE_3", "ADDRESS_1", "CARD_1", "IBAN_1", "ORDER_12", "ACCOUNT_1", "SSN_1", "TAX_1",
        "NOM_1", "ADRESSE_1", "COMMANDE_1", "PERSON_1",
    ]  # fmt: skip
    assert without(TOKEN, [f"Hello {token}, thanks" for token in bare]) == {}
    assert (
        raising(["Step 1", "[1]", "[Step 2]", "ERROR_404", "the WH_1000", "(order)", "your name 1", "Name_1st"]) == {}
    )


def test_no_secret_is_asked_of_a_customer_in_english():
    secret_things = [
        "password", "PIN", "CVV", "CVC", "security code", "verification code", "one-time code", "card number",
        "card details", "bank details", "login details", "credentials", "social security number",
    ]  # fmt: skip
    asks = [
        "Please send us your {}.", "Tell us the {} of your account.", "Reply with your {}.",
        "Please confirm your {} by email.", "Could you give us the full {}?", "Enter your {} in your reply.",
        "Text us your {}.",
    ]  # fmt: skip
    assert without(ASKS, [ask.format(thing) for ask in asks for thing in secret_things]) == {}


def test_no_secret_is_asked_of_a_customer_in_french():
    secret_things = [
        "mot de passe", "code PIN", "code secret", "code de vérification", "code à usage unique", "cryptogramme",
        "numéro de carte", "numéro de sécurité sociale",
    ]  # fmt: skip
    asks = [
        "Envoyez-nous votre {}.", "Merci de nous communiquer votre {}.", "Veuillez nous indiquer le {}.",
        "Donnez-nous votre {}.", "Pouvez-vous confirmer votre {} ?", "Répondez avec votre {}.",
        "Saisissez votre {} dans votre réponse.",
    ]  # fmt: skip
    assert without(ASKS, [ask.format(thing) for ask in asks for thing in secret_things]) == {}
    assert (
        found("Transmettez-nous vos coordonnées bancaires.") == found("Précisez vos identifiants bancaires.") == [ASKS]
    )


def test_a_warning_not_to_tell_a_secret_asks_for_none():
    texts = [
        "Never send us your password.", "We will never ask you to confirm your card number.", "Do not share your PIN.",
        "Don't tell anyone your security code.", "No one may enter your password.",
        "Ne nous envoyez jamais votre mot de passe.", "Ne communiquez à personne votre code secret.",
        "N'indiquez pas votre numéro de carte.",
    ]  # fmt: skip
    assert raising(texts) == {}


def test_a_not_about_something_else_excuses_no_request():
    texts = [
        "Do not delay: please send us your card number today.", "Do not wait, send us your PIN.",
        "If you have not done so yet, please send us your password.", "Do not worry and send us your password.",
        "Do not hesitate to send us your password.", "Please do not forget to confirm your card number.",
        "We can not refund you until you send us your card number.", "We have not found you so send us your password.",
        "If you do not send us your password, it is closed.", "Why not send us your password?",
        "Never send us your PIN: send us your password.", "Send us, do not worry, your password.",
        "Your account is not active. Send us your PIN.", "Tell us not later than today your password.",
    ]  # fmt: skip
    assert without(ASKS, texts) == {}


def test_a_french_not_about_something_else_excuses_no_request():
    texts = [
        "Ne tardez pas : envoyez-nous votre mot de passe.", "N'attendez pas, communiquez-nous votre code PIN.",
        "Si ce n'est pas déjà fait, merci de nous envoyer votre mot de passe.", "Pas d'inquiétude, donnez votre code PIN.",
        "N'hésitez pas à nous envoyer votre mot de passe.", "N'oubliez pas de nous indiquer votre numéro de carte.",
        "Votre compte n'est pas actif, veuillez nous envoyer votre mot de passe.",
        "Pourquoi ne pas nous envoyer votre mot de passe ?",
        "Si vous ne nous envoyez pas votre mot de passe, il sera fermé.",
        "Pour la commande n° 12 envoyez-nous votre mot de passe.",
    ]  # fmt: skip
    assert without(ASKS, texts) == {}


def test_a_warning_with_words_between_asks_for_nothing():
    texts = [
        "Please do not send card numbers by e-mail.", "Please do not send your card number by e-mail.",
        "We will never, under any circumstances, ask you to confirm your PIN.",
        "Nous ne vous demanderons jamais, ni par mail ni par téléphone, d'indiquer votre mot de passe.",
        "For your safety, never send us your password.", "Do not reply to calls that ask you to give your PIN.",
        "Please never, ever share: we do not ask you to confirm your PIN.", "Tell no one your PIN.",
        "You do not need to send us your password.", "If someone asks, do not share your security code.",
        "Nous ne vous demanderons jamais de nous communiquer votre mot de passe.",
        "Merci de ne pas nous envoyer votre numéro de carte.", "Veuillez ne jamais indiquer votre code PIN.",
        "Aucun conseiller ne vous demande de donner votre mot de passe.", "N'envoyez jamais votre mot de passe.",
    ]  # fmt: skip
    assert raising(texts) == {}


def test_what_identifies_an_order_may_be_asked_for():
    texts = [
        "Please send us your order number.", "Tell us your tracking number.", "Envoyez-nous une photo.",
        "Enter your email address.", "Merci d'indiquer votre numéro de commande.",
        "Send us the serial number of the card reader.", "Enter the promo code.",
    ]  # fmt: skip
    assert raising(texts) == {}


def test_a_rule_of_the_tenants_own_may_ask_for_what_a_page_needs():
    rule = "Enter your security code on the payment page."
    assert (found(rule), found(rule, rule)) == ([ASKS], [])


def test_what_the_tenant_publishes_is_no_secret():
    published = {
        "The default PIN code is 0000…": PASSWORD, "Le mot de passe est 12345678 par défaut": PASSWORD,
        "Go to Settings >>> Account": MARK, "Hold the button and choose [MODE 3].": TOKEN,
    }  # fmt: skip
    assert {line: found(line) for line in published} == {line: [id_] for line, id_ in published.items()}
    assert {line: ids for line in published if (ids := found(line, line))} == {}
    assert found("Hello, the default PIN code is 0000.", "The default PIN code is 0000…") == [PASSWORD]


def test_what_a_colleague_wrote_or_a_crm_holds_is_not_published():
    lines = {
        "Reseller portal, password: Kestrel-4471!x.": PASSWORD, "Go to Settings >>> Account": MARK,
        "Hold the button and choose [MODE 3].": TOKEN, "Send us your security code.": ASKS,
    }  # fmt: skip
    for line, id_ in lines.items():
        colleague = Source("a2", line, answered=Answered("71", "2026-11-02", 27))
        for source in (colleague, Source("a3", line, personal=True)):
            assert [finding.id for finding in secrets(Reply((Sentence(line, (source,)),), "en"), OPTIONS)] == [id_]
        both = Sentence(line, (colleague, Source("a1", line)))
        assert secrets(Reply((both,), "en"), OPTIONS) == []


def test_a_button_in_french_quotes_is_no_token():
    assert raising(["Sélectionnez « HDMI 2 » sur la télécommande.", "Appuyez sur «MODE 3»."]) == {}


def test_a_key_is_seen_in_copied_sentences_too():
    text = "Use sk-abcdefghij0123456789."
    assert found(text, text) == [KEY]


def test_everything_here_blocks_with_its_place_and_shows_no_secret():
    texts = ("Hello,", "Your password is hunter2secret!", "Use ghp_abcdefghijABCDEFGHIJ0123.", "Hello [NAME_1],")
    findings = secrets(Reply(tuple(map(Sentence, texts)), "en"), OPTIONS)
    assert [(finding.id, finding.sentence) for finding in findings] == [(PASSWORD, 1), (KEY, 2), (TOKEN, 3)]
    assert {finding.level for finding in findings} == {Level.BLOCK}
    shown = " ".join(f"{finding.why} {finding.words}" for finding in findings)
    assert [part for part in ("hunter2", "abcdefghij") if part in shown] == []


def test_texts_without_a_letter_hold_no_secret():
    assert raising(["", " ", "😀😀", "\ud800", "…", "12345", "你好"]) == {}
