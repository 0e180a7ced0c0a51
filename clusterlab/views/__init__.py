"""Browser views of our own: plain JavaScript read by anywidget, with no build step."""


def problem_of(error: BaseException) -> str:
    """Return what a reader is told in place of a picture that could not be made; never nothing.

    Only the text of a ValueError is written for readers.

    Examples
    --------
    >>> problem_of(ValueError("a slope of 1.5 cannot be drawn."))
    'a slope of 1.5 cannot be drawn.'
    >>> problem_of(AssertionError())
    'This setting cannot be computed (AssertionError).'
    """
    if isinstance(error, ValueError) and str(error).strip():
        return str(error)
    return f"This setting cannot be computed ({type(error).__name__})."
