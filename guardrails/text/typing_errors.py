"""Counts the typing errors between two words."""


def slips(one: str, other: str, limit: int) -> int:
    """Returns the optimal string alignment distance: the number of letters added, missing or replaced, or swapped with
    their neighbour. More than `limit` is returned as `limit + 1`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            step = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                step = min(step, last[j - 2] + 1)
            row.append(step)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)
