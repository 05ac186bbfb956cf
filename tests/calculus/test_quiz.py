import pytest


@pytest.mark.points(1)
def test_quiz(student):
    """Gradient descent is what the chosen answer says."""
    answer = student.value("quiz_answer")
    assert isinstance(answer, str), 'quiz_answer should be a letter in quotes, like "a".'
    letter = answer.strip().lower()
    assert letter in ("a", "b", "c", "d"), 'quiz_answer should be one of "a", "b", "c" and "d".'
    assert letter == "b", "This is not what gradient descent does: read the lesson's text again."
