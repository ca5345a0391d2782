"""The kinds of a server's facts, by their place in its life."""

from __future__ import annotations

from domain.server.events import (
    AutoscalingSet,
    BuildFailed,
    BuildRequested,
    Built,
    CeilingDeclared,
    Deleted,
    DeleteFailed,
    DeleteRequested,
    DriftAdopted,
    DriftObserved,
    EnvelopeRead,
    GroupChanged,
    Migrated,
    OperationCancelled,
    OutcomeUnknown,
    PowerChanged,
    PowerFailed,
    PowerRequested,
    ReadBackRequested,
    ResizeConfirmed,
    ScalableSet,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
    ScaleRetried,
    ServerAdopted,
    ServerDescribed,
)

ServerChange = (
    ServerAdopted
    | Built
    | BuildFailed
    | DeleteRequested
    | Deleted
    | DeleteFailed
    | PowerRequested
    | PowerChanged
    | PowerFailed
    | CeilingDeclared
    | ScalableSet
    | AutoscalingSet
    | ServerDescribed
    | GroupChanged
    | ResizeConfirmed
    | ScaleRequested
    | ScaleRetried
    | Migrated
    | ScaleConfirmed
    | ScalePartlyApplied
    | ScaleFailed
    | OperationCancelled
    | OutcomeUnknown
    | ReadBackRequested
    | EnvelopeRead
    | DriftObserved
    | DriftAdopted
)
ServerBeginning = ServerAdopted | BuildRequested
ServerEvent = ServerBeginning | ServerChange
ServerEnding = (
    Built
    | BuildFailed
    | Deleted
    | DeleteFailed
    | PowerChanged
    | PowerFailed
    | ScaleConfirmed
    | ScalePartlyApplied
    | ScaleFailed
    | OperationCancelled
)
