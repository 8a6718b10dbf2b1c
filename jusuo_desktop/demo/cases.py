"""The ten case stories, carried from the first complaint to the bound volume; each volume is left as a PDF to be leafed through."""

from __future__ import annotations

from pathlib import Path

from jusuo_desktop.actions.sample_cases import put_cases
from jusuo_desktop.actions.session import Session
from jusuo_desktop.demo.course import Course
from jusuo_desktop.sample.cases import stories
from jusuo_desktop.store.keys import write_whole


def carry_cases(course: Course, session: Session, folder: Path, most: int) -> list[Path]:
    """Carries the first `most` stories; what was confirmed as carried is not carried again, what was cut short is taken up."""
    files = []
    for story in stories()[:most]:
        step, file = f"case {story.name}", folder / f"{story.name}.pdf"
        if not course.journal.has(step):
            for carried in put_cases(session, (story,), tell=course.tell):
                if carried.volume is not None:
                    write_whole(file, carried.volume.pdf)
                course.journal.confirm(step, [carried.record_id, *(c.id for c in session.store.children(carried.record_id))])
        files.append(file)
    return [file for file in files if file.exists()]
