"""What a sentence does: greets, asks, instructs or states, in both languages; nothing hides behind a courtesy."""

from guardrails.kinds import is_restating, kind_of


def classed(sentences: list[str]) -> dict[str, list[str]]:
    """The sentences by their class."""
    by: dict[str, list[str]] = {}
    for sentence in sentences:
        by.setdefault(kind_of(sentence), []).append(sentence)
    return by


def test_english_courtesies_are_courtesies():
    sentences = [
        "Hello,", "Hi there!", "Hey Tamsin,", "Good morning,", "Good afternoon Ms Hale,", "Dear Sir or Madam,",
        "Dear customer,", "How are you today?", "Thank you very much!", "Many thanks for your patience.",
        "Thanks for reaching out.", "Thank you for your order and your understanding.", "We are sorry.",
        "I am so sorry to hear that.", "Our apologies.", "We apologise for the inconvenience.",
        "Sorry for the delay in our reply.", "Kind regards,", "Best wishes,", "Yours sincerely,", "Cheers,",
        "All the best,", "Have a nice day!", "Wishing you a lovely weekend.", "Please feel free to contact us.",
        "Do not hesitate to reach out to us.", "If you have any further questions, let us know.",
        "If you need anything else, let us know.", "We hope this helps.", "I am always happy to help.",
        "We understand your frustration.", "Here is what we found:",
    ]  # fmt: skip
    assert classed(sentences) == {"COURTESY": sentences}


def test_french_courtesies_are_courtesies():
    sentences = [
        "Bonjour,", "Bonsoir Madame,", "Bonjour Monsieur Castaing,", "Cher client,", "Chère Odile,", "Merci beaucoup !",
        "Madame, Monsieur,", "Un grand merci pour votre patience.", "Nous vous remercions de nous avoir contactés.",
        "Je vous remercie pour votre message.", "Merci de votre confiance.", "Nous sommes sincèrement désolés.",
        "Je suis vraiment navrée.", "Veuillez nous excuser.", "Toutes nos excuses pour le désagrément.",
        "Nous sommes désolés pour cette gêne occasionnée.", "Cordialement,", "Bien cordialement,", "Bien à vous,",
        "À bientôt,", "Bonne journée !", "Passez une excellente soirée.", "N'hésitez pas à nous contacter.",
        "N'hésitez pas à revenir vers nous.", "Nous restons à votre entière disposition.",
        "Notre équipe reste à votre écoute.", "Pour toute question, nous restons à votre disposition.",
        "En espérant avoir répondu à votre question.", "Je suis ravie de vous aider.",
        "Nous comprenons votre déception.", "Nous avons bien reçu votre demande.", "Voici quelques informations :",
    ]  # fmt: skip
    assert classed(sentences) == {"COURTESY": sentences}


def test_a_claim_behind_a_courtesy_is_a_statement():
    sentences = [
        "Hello, your refund was approved.", "Thank you, the parcel left yesterday.",
        "We are sorry that the lamp was faulty.", "Dear customer, shipping costs nothing.",
        "Sorry for the inconvenience, we lost it.", "Have a nice day, it is free.",
        "Best regards, everything is reimbursed.", "We understand that you are owed 50 €.",
        "Hope this helps, the warranty covers it.", "Bonjour, votre commande est partie.",
        "Merci, le colis est en route.", "Nous sommes désolés, la lampe était défectueuse.",
        "Toutes nos excuses, nous avons perdu le colis.", "Bonne journée, la livraison coûte 5 €.",
        "Cordialement, tout est remboursé.", "Nous avons bien reçu votre colis.",
        "Nous comprenons que vous avez droit à 50 €.", "Hello Approved,", "Bonjour Accordé,", "Dear Congratulations,",
        "Madame, Monsieur, votre commande est partie.", "Mesdames, messieurs, tout est gratuit.",
    ]  # fmt: skip
    assert classed(sentences) == {"STATEMENT": sentences}


def test_a_greeting_takes_three_names_at_most_and_only_behind_its_word():
    assert kind_of("Hello Anna Maria Berg,") == "COURTESY"
    assert kind_of("Bonjour Jean-Pierre Le Goff,") == "COURTESY"
    assert kind_of("Hello Anna Maria Berg Lund Holm,") == "STATEMENT"
    assert kind_of("Anna Berg,") == "STATEMENT"
    assert kind_of("Hello anna,") == "STATEMENT"


def test_what_is_asked_of_a_customer_is_a_question():
    sentences = [
        "Could you send us your order number?", "Which size do you wear?", "Did it work?", "Quelle est la date ?",
        "Pourriez-vous nous envoyer une photo ?", "« Est-ce le bon modèle ? »", "**Which colour?**",
        "Please send us a photo of the lamp.", "Please tell us your tracking number.",
        "Can you share a screenshot with us.", "Please reply with your invoice number.", "Please attach a picture.",
        "Let us know the serial number.", "Merci de nous indiquer votre numéro de suivi.",
        "Veuillez nous transmettre une photo.", "Merci de préciser la taille.", "Indiquez-nous la référence.",
        "Pouvez-vous nous fournir une capture.",
    ]  # fmt: skip
    assert classed(sentences) == {"QUESTION": sentences}


def test_a_question_that_states_is_a_statement():
    sentences = [
        "Did you know that returns are free?", "Do you know that it ships today?", "Have you heard, it is half price?",
        "It is free, right?", "You can keep it, ok?", "The lamp is insured, isn't it?",
        "Saviez-vous que le retour est gratuit ?", "Savez-vous que tout est remboursé ?",
        "C'est gratuit, n'est-ce pas ?", "Vous pouvez la garder, d'accord ?",
    ]  # fmt: skip
    assert classed(sentences) == {"STATEMENT": sentences}


def test_what_opens_an_account_is_never_a_mere_question():
    sentences = [
        "Please send us your password.", "Please tell us your PIN number.", "Please confirm your card number.",
        "Please give us your bank details.", "Please share your login details.",
        "Merci de nous indiquer votre mot de passe.", "Veuillez nous transmettre votre numéro de carte.",
        "Merci de préciser votre IBAN.",
    ]  # fmt: skip
    assert classed(sentences) == {"INSTRUCTION": sentences}


def test_english_instructions_are_instructions():
    sentences = [
        "Click Save.", "Tap the lamp.", "Unplug it first.", "Never open the cover.", "Do not wash it.",
        "Don't wash it.", "Please restart the lamp.", "Then press the button.", "Next, choose a size.",
        "Finally, submit the form.", "First open the app.", "1. Open the app.", "2) Open the app.",
        "Step 3: open the app.", "To cancel, open your account.", "In order to return it, print the label.",
        "If it blinks, unplug it.", "Once it stops, plug it in.", "When it arrives, check the seal.",
        "On the product page, choose a size.", "Afterwards, keep the receipt.", "Simply follow the link.",
        "If so, contact the seller.", "Restart.", "Wait!",
    ]  # fmt: skip
    assert classed(sentences) == {"INSTRUCTION": sentences}


def test_french_instructions_are_instructions():
    sentences = [
        "Cliquez sur Enregistrer.", "Appuyez deux fois.", "Ne lavez pas la housse.", "N'ouvrez pas le capot.",
        "Veuillez redémarrer la lampe.", "Merci de redémarrer la lampe.", "Pensez à garder le ticket.",
        "Ensuite, choisissez une taille.", "Puis validez.", "Enfin, fermez la page.", "Tout d'abord, ouvrez la page.",
        "1. Ouvrez la page.", "Étape 2 : ouvrez la page.", "Pour annuler, ouvrez votre compte.",
        "Afin de la retourner, imprimez l'étiquette.", "Si elle clignote, débranchez-la.",
        "Une fois éteinte, rebranchez-la.", "Lorsque le colis arrive, vérifiez-le.",
        "Sur la fiche produit, choisissez une taille.", "Pour ce faire, imprimez l'étiquette.", "Validez.",
        "« Validez »", "Cliquez, puis attendez.",
    ]  # fmt: skip
    assert classed(sentences) == {"INSTRUCTION": sentences}


def test_what_only_looks_like_an_instruction_is_a_statement():
    sentences = [
        "The click is loud.", "Opening hours vary.", "Sending costs 5 €.", "You click Save.", "Washing is allowed.",
        "Chez nous, tout est garanti.", "Assez de lampes sont prêtes.", "Vous cliquez sur Enregistrer.",
        "Le nez du bouchon est rond.", "Le rez-de-chaussée est ouvert.", "La lampe clignote.",
        "To the left stands the lamp.", "If it blinks, it is broken.", "Pour 5 €, la lampe est livrée.",
    ]  # fmt: skip
    assert classed(sentences) == {"STATEMENT": sentences}


def test_a_sentence_that_repeats_the_customer_says_so():
    restating = [
        "As you wrote, it blinks.", "As you said, it blinks.", "As you mentioned, it blinks.",
        "As you describe, it blinks.", "You wrote that it blinks.", "You mentioned a blinking lamp.",
        "You told us that it blinks.", "According to your message, it blinks.",
        "Comme vous l'avez écrit, elle clignote.", "Comme vous le précisez, elle clignote.",
        "Vous nous avez signalé un défaut.", "Ainsi que vous l'indiquez, elle clignote.",
        "Vous décrivez une lampe qui clignote.", "Selon votre message, elle clignote.",
        "D'après votre demande, elle clignote.", "Comme vous l'expliquez, elle clignote.",
    ]  # fmt: skip
    assert [sentence for sentence in restating if not is_restating(sentence)] == []


def test_a_sentence_that_repeats_the_tenant_does_not_say_so():
    other = [
        "It blinks.", "As our page says, it blinks.", "We wrote that it blinks.", "You can write to us.",
        "They told us.", "According to our terms, it blinks.", "You will be told.",
        "Comme nous l'avons écrit, elle clignote.", "Selon nos conditions, elle clignote.", "Vous pouvez nous écrire.",
        "Le vendeur indique une date.", "",
    ]  # fmt: skip
    assert [sentence for sentence in other if is_restating(sentence)] == []


def test_a_text_without_a_word_is_a_statement_and_so_is_one_of_another_script():
    assert {
        text: kind_of(text) for text in ("", "…", "😀😀", "\ud800", "123", "你好", "שלום עולם", "Привет")
    } == dict.fromkeys(("", "…", "😀😀", "\ud800", "123", "你好", "שלום עולם", "Привет"), "STATEMENT")


def test_case_accents_and_apostrophes_do_not_change_a_class():
    assert classed(["BONJOUR,", "merci beaucoup", "N’hésitez pas à nous contacter.", "KIND REGARDS,"]).keys() == {
        "COURTESY"
    }
    assert classed(["CLIQUEZ ICI.", "N’ouvrez pas.", "DON’T WASH IT."]).keys() == {"INSTRUCTION"}


def test_only_the_start_of_a_sentence_decides_its_class():
    assert kind_of("Hello, " * 1000) == "COURTESY"
    assert kind_of("a" * 1990 + "? " + "b" * 1_000_000) == "STATEMENT"
