"""The events of a server, grouped by their place in its life."""

from __future__ import annotations

from domain.server.describing import DescriptionChanged
from domain.server.descriptions import (
    AutoscalingSet,
    CeilingDeclared,
    GroupChanged,
    ResizeConfirmed,
    ScalableSet,
    ServerDescribed,
    ZonePinned,
)
from domain.server.drift_events import DriftAdopted, DriftObserved, EnvelopeRead
from domain.server.lifecycle_events import (
    BuildFailed,
    BuildRequested,
    Built,
    Deleted,
    DeleteFailed,
    DeleteRequested,
    PowerChanged,
    PowerFailed,
    PowerRequested,
    ServerAdopted,
)
from domain.server.scaling_events import (
    Migrated,
    OperationCancelled,
    OutcomeUnknown,
    ReadBackRequested,
    ScaleConfirmed,
    ScaleFailed,
    ScalePartlyApplied,
    ScaleRequested,
    ScaleRetried,
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
    | DescriptionChanged
    | GroupChanged
    | ResizeConfirmed
    | ZonePinned
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
