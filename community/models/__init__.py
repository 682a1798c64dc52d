from .benchmarks import Benchmark, Point, Series
from .claims import Claim, ClaimVerdict
from .figure_changes import FigureChange
from .loaded_files import LoadedFile
from .notes import Note, NoteKind
from .questions import Answer, Question, State, Verdict
from .sources import Citation, EvidenceLevel, Source, Tag

__all__ = [
    "Answer",
    "Benchmark",
    "Citation",
    "Claim",
    "ClaimVerdict",
    "EvidenceLevel",
    "FigureChange",
    "LoadedFile",
    "Note",
    "NoteKind",
    "Point",
    "Question",
    "Series",
    "Source",
    "State",
    "Tag",
    "Verdict",
]
