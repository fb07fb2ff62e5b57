"""Two decoders, one shape: blocks of float32 frames from any sound file.

libsndfile reads plain WAV, AU and FLAC 5 to 20 times faster than FFmpeg's libraries; these read
everything else. Both come inside their wheels; no program on the PATH is used.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from asr.containers import Container, recognise
from interactions.problems import Unreadable

Block = NDArray[np.float32]

_BLOCK_FRAMES = 1 << 14
_MOST_BROKEN = 0.02
"""Share of packets that may be broken: the 2 % by which a file may be shorter than promised."""

_CODEC_NAMES = {
    "PCM_S8": "pcm_s8",
    "PCM_U8": "pcm_u8",
    "PCM_16": "pcm_s16le",
    "PCM_24": "pcm_s24le",
    "PCM_32": "pcm_s32le",
    "FLOAT": "pcm_f32le",
    "DOUBLE": "pcm_f64le",
    "ULAW": "pcm_mulaw",
    "ALAW": "pcm_alaw",
    "IMA_ADPCM": "adpcm_ima_wav",
    "MS_ADPCM": "adpcm_ms",
}
"""libsndfile's names of what FFmpeg (whose names are used here) calls otherwise."""


class Damaged(Exception):  # noqa: N818 - says what the file is
    """The file is of a known kind, but its sound cannot be decoded."""


class Source(AbstractContextManager["Source"], Protocol):
    """An open sound file.

    Attributes:
        codec: FFmpeg's name of the codec.
        rate: Frames per second.
        channels: Number of channels.
        expected_seconds: Length by header or by guess; None when nothing tells.
        promised: Whether that length is the header's promise.
    """

    codec: str
    rate: int
    channels: int
    expected_seconds: float | None
    promised: bool

    def blocks(self) -> Iterator[Block]:
        """Yield the sound as arrays of shape ``(frames, channels)``; full scale is 1.

        Raises:
            Damaged: too much of it cannot be decoded.
        """
        ...


class _Plain:
    """A file that libsndfile reads."""

    def __init__(self, path: Path, container: Container) -> None:
        # Bytes, because a name that is not UTF-8 has no other spelling.
        self._file = soundfile.SoundFile(os.fsencode(path))
        self.rate = int(self._file.samplerate)
        self.channels = int(self._file.channels)
        subtype = str(self._file.subtype)
        self.codec = "flac" if container.name == "FLAC" else _CODEC_NAMES.get(subtype, subtype)
        self.expected_seconds: float | None = self._file.frames / max(1, self.rate)
        self.promised = container.promises
        if subtype == "GSM610":
            # libsndfile cannot tell its length; FFmpeg reads it well.
            self._file.close()
            raise soundfile.LibsndfileError(0, "GSM is left to FFmpeg: ")

    def blocks(self) -> Iterator[Block]:
        while True:
            try:
                block = self._file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)
            except soundfile.LibsndfileError:
                return  # cut off in the middle of a frame: the promised length tells
            if not len(block):
                return
            yield block

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


class _Coded:
    """A file that FFmpeg's libraries read, through PyAV."""

    def __init__(self, handle: BinaryIO, container: Container) -> None:
        self._stack = ExitStack()
        try:
            opened = av.open(handle, format=container.demuxer, metadata_errors="ignore")
        except (av.error.FFmpegError, EOFError, ValueError) as error:
            raise Damaged(getattr(error, "strerror", None) or str(error)) from error
        self._container: Any = self._stack.enter_context(opened)
        streams = self._container.streams.audio
        if not streams:
            self._stack.close()
            raise Damaged("no sound in it")
        self.streams = len(streams)
        self._stream = streams[0]
        context = self._stream.codec_context
        self.rate = int(context.sample_rate)
        self.channels = int(context.channels)
        self.codec = str(context.codec.canonical_name)
        self.expected_seconds = self._length()
        self.promised = container.promises and self.expected_seconds is not None

    def _length(self) -> float | None:
        if self._stream.duration:
            return float(self._stream.duration * (self._stream.time_base or 0))
        if self._container.duration:
            return float(self._container.duration / av.time_base)
        return None

    def blocks(self) -> Iterator[Block]:
        as_float = av.AudioResampler(format="fltp")
        packets, broken = 0, 0
        for frames in self._decoded():
            packets += 1
            broken += frames is None
            for frame in frames or ():
                yield from self._arrays(as_float, frame)
        if broken > max(2, _MOST_BROKEN * packets):
            raise Damaged(f"{broken} of {packets} packets cannot be decoded")

    def _decoded(self) -> Iterator[list[Any] | None]:
        """Yield the frames of each packet; None for a packet that cannot be decoded."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
            except (av.error.FFmpegError, EOFError):
                return  # cut off inside a packet: the promised length tells
            if packet is None:
                return
            try:
                yield packet.decode()
            except av.error.FFmpegError:
                yield None

    def _arrays(self, as_float: av.AudioResampler, frame: av.AudioFrame) -> Iterator[Block]:
        for converted in as_float.resample(frame):
            block = np.ascontiguousarray(converted.to_ndarray().T, dtype=np.float32)
            if block.shape[1] == self.channels:
                yield block

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()


def open_source(path: Path, *, item: str, stack: ExitStack) -> tuple[Source, Container]:
    """Open a sound file by its content.

    Args:
        path: The file; its name may be anything.
        item: What a problem is reported under.
        stack: Closes the source.

    Raises:
        Unreadable: ``cannot_open``, ``empty_file``, ``not_audio``, ``damaged`` or
            ``several_streams``.
    """
    try:
        handle = stack.enter_context(path.open("rb"))
        size = os.fstat(handle.fileno()).st_size
        container = recognise(handle) if size else None
    except OSError as error:
        raise Unreadable(item, "cannot_open", why=error.strerror or type(error).__name__) from error
    if not size:
        raise Unreadable(item, "empty_file")
    if container is None:
        raise Unreadable(item, "not_audio")
    return _opened(path, handle, container, item=item, stack=stack), container


def _opened(
    path: Path, handle: BinaryIO, container: Container, *, item: str, stack: ExitStack
) -> Source:
    if container.by_soundfile:
        try:
            return stack.enter_context(_Plain(path, container))
        except soundfile.LibsndfileError:
            handle.seek(0)  # a codec that libsndfile lacks, such as G.722 in WAV
    try:
        source = stack.enter_context(_Coded(handle, container))
    except Damaged as damaged:
        raise Unreadable(item, "damaged", container=container.name, why=str(damaged)) from damaged
    if source.streams > 1:
        raise Unreadable(item, "several_streams", streams=source.streams)
    return source
