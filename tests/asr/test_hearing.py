"""From files to everything an interaction keeps of its sound."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import soundfile

from asr import hearing
from asr.recording import content_hash
from asr.transcriber import Transcription
from interactions.interaction import Language, Utterance, Word
from interactions.problems import Unreadable
from interactions.sound import Party, Span

A, C, U = Party.AGENT, Party.CUSTOMER, Party.UNKNOWN
RATE = 8000


class Told:
    """A recogniser that knows beforehand."""

    name = "whisper-told@00000000"

    def __init__(self, *tracks):
        self.tracks = tracks

    def transcribe_many(self, jobs, **_):
        return tuple(self._told(job) for job in jobs)

    def _told(self, job):
        assert len(job.waveform.samples) == len(job.regions) == len(self.tracks)
        language = Language.ZH if job.language is Language.UNKNOWN else job.language
        return Transcription(self.tracks, language)


def said(start, end, text, party=U, confidence=0.8):
    words = tuple(
        Word(
            start + i * (end - start) // len(text), start + (i + 1) * (end - start) // len(text), c
        )
        for i, c in enumerate(text)
    )
    return Utterance(0, party, start, end, text, words, confidence)


@pytest.fixture(scope="module")
def files(tmp_path_factory, spoken):
    folder = tmp_path_factory.mktemp("calls")
    tracks = np.random.default_rng(0).normal(0, 1e-3, (12 * RATE, 2)).astype(np.float32)
    tracks[RATE : RATE + len(spoken), 0] += spoken
    tracks[6 * RATE : 6 * RATE + len(spoken), 1] += spoken
    both = tracks[:, 0] + tracks[:, 1]
    made = {
        "stereo": tracks,
        "mono": both,
        "identical": np.stack([both, both], 1),
        "left": tracks[:, 0],
        "right": tracks[:, 1],
        "half dead": np.stack([tracks[:, 0], np.zeros(12 * RATE, np.float32)], 1),
    }
    paths = {name: folder / f"{name}.wav" for name in made}
    for name, sound in made.items():
        soundfile.write(paths[name], sound, RATE, subtype="ULAW")
    return paths


def listen(*paths, tracks=()):
    return hearing.listen(paths, tracks=tracks, item="call.wav")


@pytest.fixture(scope="module")
def stereo(files):
    return listen(files["stereo"], tracks=(A, C))


def test_two_tracks(stereo, files, spoken):
    assert stereo.recording.tracks == (A, C)
    assert stereo.recording.parties_apart
    assert stereo.recording.duration_ms == 12_000
    assert stereo.recording.recording_id == content_hash([files["stereo"]])
    assert set(stereo.speech) == set(stereo.contours) == {A, C}
    end = len(spoken) * 1000 // RATE
    assert all(900 <= s.start_ms < s.end_ms <= 1200 + end for s in stereo.speech[A])
    assert all(5900 <= s.start_ms < s.end_ms <= 6200 + end for s in stereo.speech[C])
    assert len(stereo.contours[A].loudness_db) == 600


def test_one_file_per_side_is_the_same_call(stereo, files):
    sides = listen(files["left"], files["right"], tracks=(A, C))
    assert sides.speech == stereo.speech
    assert sides.recording.recording_id != stereo.recording.recording_id
    assert len(sides.recording.files) == 2


@pytest.mark.parametrize("tracks", [(), (U,), (A, C)])
def test_mono_holds_both_and_says_so(files, tracks):
    heard = listen(files["mono"], tracks=tracks)
    assert heard.recording.tracks == (U,)
    assert not heard.recording.parties_apart
    assert len(heard.speech[U]) >= 2
    assert heard.recording.quality.correlation is None


def test_identical_tracks_are_one_unknown_track(files):
    heard = listen(files["identical"], tracks=(A, C))
    assert heard.recording.quality.identical_tracks
    assert len(heard.recording.quality.tracks) == 2
    assert heard.recording.tracks == (U,)
    assert heard.waveform.samples.shape[0] == 1
    assert set(heard.speech) == {U}


def test_two_unknown_tracks_share_one_timeline(files, stereo):
    heard = listen(files["stereo"])
    assert heard.recording.tracks == (U, U)
    assert heard.speech[U] == tuple(sorted(stereo.speech[A] + stereo.speech[C]))
    louder = np.maximum(stereo.contours[A].loudness_db, stereo.contours[C].loudness_db)
    assert np.array_equal(heard.contours[U].loudness_db, louder)
    voiced = np.isfinite(heard.contours[U].pitch_hz)
    assert voiced[:300].any()
    assert voiced[300:].any()


def test_a_dead_track_is_flagged_and_kept(files):
    heard = listen(files["half dead"], tracks=(A, C))
    assert [t.is_dead for t in heard.recording.quality.tracks] == [False, True]
    assert heard.speech[C] == ()


def test_more_tracks_described_than_recorded(files):
    with pytest.raises(Unreadable) as caught:
        listen(files["stereo"], tracks=(A, C, U))
    assert caught.value.code == "tracks_mismatch"
    assert listen(files["mono"], tracks=(A,)).recording.tracks == (A,)


def test_transcribe_orders_and_names_parties(stereo):
    told = Told((said(1000, 3000, "您好工号一零二四"),), (said(6000, 8000, "我要投诉"),))
    found = hearing.transcribe(stereo, told, language=Language.UNKNOWN)
    assert [(u.seq, u.party, u.text) for u in found.utterances] == [
        (0, A, "您好工号一零二四。"),
        (1, C, "我要投诉。"),
    ]
    assert (found.language, found.transcriber) == (Language.ZH, told.name)
    assert found.trust == pytest.approx(0.8)
    assert found.role_confidence > 0.99
    assert found.speech == stereo.speech


def test_several_recordings_are_heard_together(stereo, files):
    """One call of the recogniser for all, each with its own prompt, and the answers in order."""

    class Counting(Told):
        def transcribe_many(self, jobs, **_):
            self.jobs = jobs
            return tuple(self._told(job) for job in jobs)

        def _told(self, job):
            first = said(1000, 3000, job.prompt or "您好")
            return Transcription((((first,),) + ((),) * (len(job.regions) - 1)), Language.ZH)

    told = Counting()
    mono = listen(files["mono"])
    wanted = [hearing.Wanted(stereo, Language.ZH, "投诉"), hearing.Wanted(mono, Language.UNKNOWN)]
    both = hearing.transcribe_many(wanted, told)
    assert [[u.text for u in one.utterances] for one in both] == [["投诉。"], ["您好。"]]
    assert [one.recording.recording_id for one in both] == [
        stereo.recording.recording_id,
        mono.recording.recording_id,
    ]
    assert [job.language for job in told.jobs] == [Language.ZH, Language.UNKNOWN]
    assert hearing.transcribe_many([], told) == ()


def test_transcribe_swaps_tracks_that_say_otherwise(stereo):
    agent = [said(t, t + 900, x) for t, x in ((6000, "工号一零二四"), (7000, "请问有什么可以帮您"))]
    customer = [said(1000, 1900, "我要投诉"), said(2000, 2900, "你们到底怎么回事")]
    found = hearing.transcribe(stereo, Told(tuple(customer), tuple(agent)), language=Language.ZH)
    assert found.tracks == found.recording.tracks == (C, A)
    assert found.utterances[0].party is C
    assert found.speech[C] == stereo.speech[A]
    assert np.array_equal(found.contours[A].pitch_hz, stereo.contours[C].pitch_hz, equal_nan=True)


def test_transcribe_without_any_words(stereo, files):
    found = hearing.transcribe(stereo, Told((), ()), language=Language.ZH)
    assert (found.utterances, found.transcriber, found.trust) == ((), "none", None)
    assert found.role_confidence == 0.95
    mono = hearing.transcribe(listen(files["mono"]), Told(()), language=Language.ZH)
    assert mono.role_confidence is None


def test_wordless(stereo, files):
    found = hearing.wordless(stereo)
    assert (found.transcriber, found.trust, found.role_confidence) == ("none", None, 0.95)
    assert found.tracks == (A, C)
    assert hearing.wordless(listen(files["mono"])).role_confidence is None


TOLD = [said(6000, 8500, "我要投诉", C), said(1000, 3500, "您好", A)]


def attach(heard, utterances):
    return hearing.attach(heard, utterances, language=Language.ZH, transcriber="vendor")


def test_attach_keeps_parties_and_orders(stereo):
    found = attach(stereo, TOLD)
    assert [(u.seq, u.party) for u in found.utterances] == [(0, A), (1, C)]
    assert found.tracks == (A, C)
    assert found.role_confidence > 0.95
    assert (found.transcriber, found.trust) == ("vendor", pytest.approx(0.8))


@pytest.mark.parametrize("given", [(C, A), ()])
def test_attach_finds_out_whose_track_it_is(files, stereo, given):
    found = attach(listen(files["stereo"], tracks=given), TOLD)
    assert found.tracks == (A, C)
    assert found.speech == stereo.speech


def test_attach_to_mono_believes_the_transcript(files):
    found = attach(listen(files["mono"]), TOLD)
    assert found.tracks == (U,)
    assert found.role_confidence == 0.9
    assert {u.party for u in found.utterances} == {A, C}


def test_attach_clips_a_little_and_refuses_much(stereo):
    found = attach(stereo, [said(11_000, 12_800, "再见", A)])
    last = found.utterances[0]
    assert (last.end_ms, last.words[-1].end_ms) == (12_000, 12_000)
    with pytest.raises(Unreadable) as caught:
        attach(stereo, [said(11_000, 13_500, "再见", A)])
    assert caught.value.code == "words_beyond_sound"
    assert caught.value.values == {"words_seconds": 13.5, "seconds": 12.0}


def test_attach_of_nothing_is_wordless(stereo):
    assert attach(stereo, []).transcriber == "none"


@pytest.mark.eval
def test_real_calls_with_their_exact_words(eval_folder):
    """The truth's own utterances fit the tracks straight, and the sound is heard in them."""
    folder = eval_folder / "speech" / "calls_zh"
    path = folder / "zhcall_00_0814.flac"
    rows = (folder / "zhcall_00_0814.utts.csv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [row.split(",") for row in rows]
    told = [
        Utterance(i, (A, C)[int(channel)], int(float(start) * 1000), int(float(end) * 1000), text)
        for i, (start, end, channel, _, text, _) in enumerate(cells)
    ]
    heard = listen(path)
    for stated in ((A, C), (C, A), (U, U)):
        given = replace(heard, recording=replace(heard.recording, tracks=stated))
        found = attach(given, told)
        assert found.tracks == (A, C)
        assert found.role_confidence > 0.9
    assert sum(s.duration_ms for s in found.speech[A]) > 40_000
    assert isinstance(found.speech[C][0], Span)
