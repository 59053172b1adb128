"""Sentences that say what their source says, as freely as a person would: none of them is held."""
# a row is one line

from tests.guardrails.said import held, verdict

FREELY = {
    ("en", "The card is not charged until the parcel has left our warehouse."): [
        "Your card is only charged once the parcel has left our warehouse.",
        "Your card isn't charged before the parcel leaves our warehouse.",
    ],
    ("en", "Tickets cannot be exchanged, but they can be resold on our site."): [
        "You can't exchange tickets, but you can resell them on our site.",
        "Tickets can be resold on our site; they cannot be exchanged.",
        "An exchange of tickets is not possible; reselling them on our site is.",
    ],
    ("en", "If you have not received the key within two days, write to the porter and he will leave a spare one."): [
        "Write to the porter if the key has not arrived within two days; he will leave a spare one.",
        "The porter will leave a spare key if you have not received yours within two days and write to him.",
    ],
    ("en", "Members pay 5 € and visitors pay 8 € for a towel."): [
        "A towel costs 5 € for members and 8 € for visitors.",
        "Visitors pay 8 € for a towel.",
        "For a towel, members pay 5 €.",
    ],
    ("en", "The bus stops at the museum on weekdays and at the castle on Sundays."): [
        "On Sundays the bus stops at the castle.",
        "The bus stops at the castle on Sundays and at the museum on weekdays.",
        "On weekdays, the museum is where the bus stops.",
    ],
    ("en", "Our divers check every bottle and our mechanic signs the log."): [
        "Every bottle is checked by our divers, and the log is signed by our mechanic.",
        "Our mechanic signs the log and our divers check every bottle.",
    ],
    ("en", "The guide meets the group at the gate."): [
        "The group meets its guide at the gate.",
        "At the gate, the group is met by the guide.",
        "You meet your guide at the gate.",
    ],
    ("en", "Applicants send their portfolio to the office and receive an answer in June."): [
        "Send your portfolio to the office; you receive an answer in June.",
        "Applicants receive an answer in June after sending their portfolio to the office.",
        "You send your portfolio to the office and receive your answer in June.",
    ],
    ("en", "If the filter is dirty, rinse it with cold water and let it dry."): [
        "Rinse the filter with cold water and let it dry if it is dirty.",
        "A dirty filter is rinsed with cold water and left to dry.",
        "When the filter is dirty, rinse it in cold water, then let it dry.",
    ],
    ("en", "You can pause the plan unless a payment is overdue."): [
        "As long as no payment is overdue, you can pause the plan.",
        "You can't pause the plan if a payment is overdue.",
        "The plan can be paused unless there is an overdue payment.",
    ],
    ("en", "Do not hesitate to call the desk if the lift does not work."): [
        "Call the desk if the lift is not working.",
        "If the lift does not work, please call the desk.",
    ],
    ("en", "Only the owner may change the name of the team."): [
        "The name of the team can be changed by the owner only.",
        "The team's name may only be changed by the owner.",
    ],
    ("en", "Wool is washed by hand; linen is washed at 60 °C."): [
        "Linen can be washed at 60 °C.",
        "Wash wool by hand and linen at 60 °C.",
        "Linen is washed at 60 °C, wool by hand.",
    ],
    ("en", "The seat is suitable for children over 15 kg."): [
        "Children over 15 kg can use the seat.",
        "The seat suits children of more than 15 kg.",
    ],
    ("en", "Late returns cost 2 € a day, and lost books are charged at full price."): [
        "Lost books are charged at full price.",
        "You pay 2 € a day for late returns and the full price for lost books.",
    ],
    ("en", "Your manager approves the request and the payroll team pays it with the next salary."): [
        "Once your manager approves the request, the payroll team pays it with the next salary.",
        "The request is approved by your manager and paid by the payroll team with the next salary.",
    ],
    ("fr", "Le compte n'est pas débité tant que la réservation n'est pas confirmée."): [
        "Votre compte n'est débité qu'une fois la réservation confirmée.",
        "Tant que la réservation n'est pas confirmée, le compte n'est pas débité.",
        "Le compte est débité seulement lorsque la réservation est confirmée.",
    ],
    ("fr", "Les chiens sont admis en terrasse mais ils ne sont pas admis en salle."): [
        "Les chiens ne sont pas admis en salle, mais ils le sont en terrasse.",
        "Votre chien est admis en terrasse, pas en salle.",
        "En terrasse, les chiens sont admis.",
    ],
    ("fr", "Si vous n'avez pas reçu la clé sous deux jours, écrivez au gardien."): [
        "Sans clé reçue sous deux jours, écrivez au gardien.",
    ],
    ("fr", "Le coach prépare le programme et le nutritionniste rédige les menus."): [
        "Le programme est préparé par le coach et les menus sont rédigés par le nutritionniste.",
        "Le nutritionniste rédige les menus, le coach prépare le programme.",
        "Les menus sont rédigés par le nutritionniste.",
    ],
    ("fr", "Les visiteurs laissent leur sac au vestiaire et gardent leur billet."): [
        "Laissez votre sac au vestiaire et gardez votre billet.",
        "Les visiteurs gardent leur billet et laissent leur sac au vestiaire.",
    ],
    ("fr", "Vous pouvez suspendre la formule sauf si un paiement est en retard."): [
        "La formule peut être suspendue, sauf si un paiement est en retard.",
        "Vous ne pouvez pas suspendre la formule si un paiement est en retard.",
        "Tant qu'aucun paiement n'est en retard, vous pouvez suspendre la formule.",
    ],
    ("fr", "N'hésitez pas à appeler l'accueil si l'ascenseur ne fonctionne pas."): [
        "Appelez l'accueil si l'ascenseur ne fonctionne pas.",
        "Si l'ascenseur ne marche pas, appelez l'accueil.",
    ],
    ("fr", "Le bus s'arrête au musée en semaine et au château le dimanche."): [
        "Le dimanche, le bus s'arrête au château.",
        "En semaine, le bus s'arrête au musée, et le dimanche au château.",
    ],
    ("fr", "Le siège convient aux enfants de plus de 15 kg."): [
        "Les enfants de plus de 15 kg peuvent utiliser le siège.",
        "Ce siège convient à un enfant de plus de 15 kg.",
    ],
    ("fr", "La laine se lave à la main; le lin se lave à 60 °C."): [
        "Le lin se lave à 60 °C.",
        "Lavez la laine à la main et le lin à 60 °C.",
    ],
    ("fr", "Seul le titulaire peut changer le nom de l'équipe."): [
        "Le nom de l'équipe ne peut être changé que par le titulaire.",
        "Il n'y a que le titulaire qui peut changer le nom de l'équipe.",
    ],
    ("fr", "Votre responsable valide la demande et la paie la verse avec le salaire suivant."): [
        "Une fois la demande validée par votre responsable, la paie la verse avec le salaire suivant.",
        "La demande est validée par votre responsable et versée par la paie avec le salaire suivant.",
    ],
}


def test_what_a_person_says_in_his_own_words_passes():
    found = {
        claim: verdict(claim, source, language=language)
        for (language, source), claims in FREELY.items()
        for claim in claims
    }
    assert [claim for claim, one in found.items() if held(one.findings)] == []
