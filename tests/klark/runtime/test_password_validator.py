"""What a new password takes: the rules that settings name, in the reader's language."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

ANN = {"username": "ann", "first_name": "Annabel", "last_name": "Lowestoft", "email": "annabel.lowe@alder.example"}


def told(password: str) -> list[str]:
    """What is said against a password of Ann's."""
    try:
        validate_password(password, get_user_model()(**ANN))
    except ValidationError as error:
        return list(error.messages)
    return []


@pytest.mark.parametrize("password", ["kitekitekite", "zzzzzzzzzzzzzzzzzzzzzzzz", "\U0001f98a\u00e9" * 8])
def test_four_different_characters_make_no_password(password: str) -> None:
    assert told(password) == ["A password takes at least 5 different characters."]


@pytest.mark.parametrize("password", ["kitesteskite", "a long password", "\U0001f98a\u00e9\u00fc\u00f1k" * 3])
def test_five_different_ones_do(password: str) -> None:
    assert told(password) == []


@pytest.mark.parametrize("password", ["Annabel.Lowe7", "lowestoft-1234", "annabel.lowe@alder"])
def test_a_users_own_name_or_address_makes_no_password(password: str) -> None:
    assert ["too similar" in words for words in told(password)] == [True]


def test_it_is_said_in_french_to_french_readers() -> None:
    with override("fr"):
        assert told("kitekitekite") == ["Un mot de passe a au moins 5 caractères différents."]
