"""What callers get for input that no engine could make sense of."""


class InputError(ValueError):
    """`field` is what was asked for, `allowed` what it may be; the message says both."""

    def __init__(self, field: str, message: str, allowed: str = "") -> None:
        super().__init__(f"{field}: {message}" + (f" (allowed: {allowed})" if allowed else ""))
        self.field, self.message, self.allowed = field, message, allowed
