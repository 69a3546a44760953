"""Why a file as a whole cannot be read."""

from catalog.load.report import Report


class FileError(Exception):
    """The file cannot be read: nothing of it may be loaded, for what it lacks is not known."""

    def __init__(
        self, reason: str, remedy: str = "", *, line: int = 0, field: str = "", value: str = ""
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.line = line
        self.field = field
        self.value = value

    def into(self, report: Report, file: str) -> None:
        report.refuse(file, self.line, self.field, self.value, self.reason, self.remedy)
