"""Asks whoever sits at the terminal."""


def confirmed(question: str) -> bool:
    """Returns whether "yes" is typed; False where there is no terminal."""
    try:
        return input(question).strip() == "yes"
    except EOFError:
        return False
