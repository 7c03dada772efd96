"""The journal's own thread: a commit never blocks the event loop, and order is kept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from projectdesk.host.journal.database import unavailable

_P = ParamSpec("_P")
_T = TypeVar("_T")


class JournalThread:
    """Runs steps (functions of a connection) one after the other, each in one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def run(
        self,
        step: Callable[Concatenate[Connection, _P], _T],
        *args: _P.args,
        **kwargs: _P.kwargs,
    ) -> _T:
        """Return what a step returns, after its commit.

        Raises:
            EnvironmentFailure: `journal_unavailable`; nothing of the step happened.
        """

        def transact() -> _T:
            try:
                with self._engine.begin() as connection:
                    return step(connection, *args, **kwargs)
            except SQLAlchemyError as error:
                raise unavailable(error) from error

        return await asyncio.get_running_loop().run_in_executor(self._executor, transact)

    async def outside(self, step: Callable[[Engine], _T]) -> _T:
        """Return what a step returns that makes its own transactions, after those before it."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, step, self._engine)

    async def close(self) -> None:
        """Finish what was begun and close the database."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._executor, self._engine.dispose)
        self._executor.shutdown()
