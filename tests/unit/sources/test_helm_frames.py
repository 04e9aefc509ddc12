"""Messages between the compiler and its worker."""

from gitops.model.render import RenderedObject, RenderProblem, RenderResult
from gitops.sources.helm import frames
from gitops.sources.helm.frames import Answer, Ask, Ready
from tests.unit.sources.helm_charts import request

RESULT = RenderResult(
    (RenderedObject(b"{}", "templates/a.yaml", 1, 2, "test", True),),
    RenderProblem("no", "templates/a.yaml", 3),
    uses_random=True,
    unchecked=("x",),
)


def test_messages_come_back_as_they_were_sent() -> None:
    ask = Ask(7, request("web", {"a": 1}, api_versions=("v1",)))
    (body,) = frames.bodies(bytearray(frames.frame(ask)))
    assert frames.read_ask(body) == ask
    (body,) = frames.bodies(bytearray(frames.frame(Answer(7, RESULT))))
    assert frames.read_answer(body) == Answer(7, RESULT)
    (body,) = frames.bodies(bytearray(frames.frame(Ready("why"))))
    assert frames.read_ready(body) == Ready("why")


def test_only_whole_messages_are_taken() -> None:
    first, second = frames.frame(Ready("a")), frames.frame(Ready("b"))
    received = bytearray(first + second[:-1])
    assert [frames.read_ready(body) for body in frames.bodies(received)] == [Ready("a")]
    received += second[-1:]
    assert [frames.read_ready(body) for body in frames.bodies(received)] == [Ready("b")]
    assert received == b""
