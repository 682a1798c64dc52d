"""A first request to the server that the launch command starts: its engine's own port, and the name it serves under."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Server:
    """`before` is what stands before the model's name in the launch command; `name` where it is always the same."""

    port: int
    before: str
    name: str = ""
    key: bool = False


# Each engine's own documentation, read 2026-11-20.
SERVERS = {
    # docs.vllm.ai, OpenAI-Compatible Server: port 8000, the name is the model as it was given
    "vllm": Server(8000, "vllm serve |api_server --model "),
    # docs.sglang.io, Sending Requests: port 30000
    "sglang": Server(30000, "--model-path "),
    # nvidia.github.io/TensorRT-LLM, trtllm-serve: port 8000
    "tensorrt-llm": Server(8000, "trtllm-serve "),
    # llama.cpp, tools/server/README.md: port 8080
    "llama.cpp": Server(8080, "llama-server -hf |llama-server -m "),
    # docs.ollama.com, OpenAI compatibility: port 11434
    "ollama": Server(11434, "ollama run "),
    # TabbyAPI, config_sample.yml: port 5000, keys are asked for and stand in api_tokens.yml
    "exllamav2": Server(5000, "--model-name ", key=True),
    "exllamav3": Server(5000, "--model-name ", key=True),
    # mlx-lm, mlx_lm/SERVER.md: port 8080, which the launch command says too
    "mlx": Server(8080, "mlx_lm.server --model "),
    # huggingface.co/docs/text-generation-inference, Messages API: port 3000, any name goes
    "tgi": Server(3000, "", name="tgi"),
    # lmdeploy.readthedocs.io, api_server: port 23333
    "lmdeploy": Server(23333, "api_server "),
}
BODY = """{
    "model": %(model)s,
    "messages": [{"role": "user", "content": %(content)s}]
  }"""


def trial_of(engine: str, command: str) -> str:
    """A chat request for curl, "" where the command starts no server."""
    server = SERVERS[engine]
    name = server.name or name_in(command, server.before)
    if not command or not name:
        return ""
    headers = ['-H "Content-Type: application/json"']
    if server.key:
        headers.append('-H "Authorization: Bearer $TABBY_API_KEY"')
    body = BODY % {"model": json.dumps(name), "content": json.dumps(_("안녕하세요"), ensure_ascii=False)}
    lines = [f"curl http://localhost:{server.port}/v1/chat/completions", *headers, f"-d {shlex.quote(body)}"]
    return " \\\n  ".join(lines)


def name_in(command: str, before: str) -> str:
    """The last one: a script may make the model before it runs it."""
    found = re.findall(rf"(?:{before})(\S+)", command)
    return shlex.split(found[-1])[0] if found else ""
