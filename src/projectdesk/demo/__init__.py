"""The main job from start to end, on real components, as a command.

`play` is the story and its judgement. `coordinator` uses the desktop as a person does; `company` is
the coordinator and the guests, whose cameras show drawn people (`faces`). Each guest lives in a
process of its own (`actor`, told what to do by `lines`): a browser (`guests`), or where there is
none a participant of our own (`robots`); `troupe` chooses. `story` prepares the meeting, `stage` is
the Qt application without a display. The end-to-end tests use the same players.

Composition: may import all.
"""
