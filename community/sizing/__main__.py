"""python -m community.sizing: estimates, weights, what fits, the lists, logs, and predicted against measured."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any

from . import accuracy, catalog, engines, report
from .accuracy import published_records
from .architecture import Architecture
from .arguments import Parser, check_words, fraction, whole
from .deployment import Deployment, Options
from .errors import InputError
from .fit import what_fits
from .formats import FORMATS, Format, parse_format, weigh
from .hardware import Device
from .logs.command import add_log
from .size import MOST_DEVICES, size

LARGEST_FILE = 100 * 2**20


def main(arguments: list[str]) -> int:
    """Exit 0 for an answer, also for a no; 2 for input that makes no sense, with one line that names the field."""
    try:
        check_words(arguments)
        asked = parser().parse_args(arguments)
        asked.run(asked)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        sys.stderr.close()
    return 0


def parser() -> Parser:
    top = Parser(prog="python -m community.sizing", description=__doc__)
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    add_estimate(commands)
    add_weights(commands)
    add_fit(commands)
    add_accuracy(commands)
    add_log(commands)
    for name, run in (("models", models), ("gpus", gpus), ("formats", formats), ("engines", engine_names)):
        listing = commands.add_parser(name, help=f"the {name} of the catalogue")
        listing.add_argument("--json", action="store_true")
        listing.set_defaults(run=run)
    return top


def add_model(command: argparse.ArgumentParser) -> None:
    which = command.add_mutually_exclusive_group(required=True)
    which.add_argument("--model", help="an id, hub name or Ollama tag")
    which.add_argument("--config", help="the path of a config.json")
    command.add_argument("--weights", required=True, help="a format, such as bf16 or gguf-q4_k_m")
    command.add_argument("--json", action="store_true")


def add_cards(command: argparse.ArgumentParser) -> None:
    command.add_argument("--gpu", action="append", required=True, metavar="ID[:COUNT]", help="repeat for unequal cards")
    command.add_argument("--gpus", type=whole, help="how many of the one card")
    command.add_argument("--context", type=whole, default=8192)
    command.add_argument("--requests", type=whole, default=1)


def add_estimate(commands: Any) -> None:
    command = commands.add_parser("estimate", help="memory, verdict and launch command of a deployment")
    add_model(command)
    add_cards(command)
    command.add_argument("--engine", required=True, metavar="NAME[@VERSION]")
    command.add_argument("--kv", help="type of the KV cache, such as fp8 or q8_0")
    for name in ("tp", "pp", "ep", "max-num-seqs", "max-num-batched-tokens", "ubatch", "gpu-layers"):
        command.add_argument(f"--{name}", type=whole)
    command.add_argument("--gpu-memory-utilization", type=fraction)
    command.add_argument("--no-flash-attention", action="store_true")
    command.add_argument("--enforce-eager", action="store_true")
    command.add_argument("--cpu-moe", action="store_true")
    command.add_argument("--unit", choices=tuple(report.UNITS), default="GiB")
    command.set_defaults(run=estimate)


def add_weights(commands: Any) -> None:
    command = commands.add_parser("weights", help="bytes of a model in a format")
    add_model(command)
    command.set_defaults(run=weights)


def add_fit(commands: Any) -> None:
    command = commands.add_parser("fit", help="what runs on these cards")
    add_cards(command)
    command.add_argument("--engine", metavar="NAME", help="one engine only")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=fit)


def add_accuracy(commands: Any) -> None:
    command = commands.add_parser("accuracy", help="predicted against measured")
    command.add_argument("files", nargs="*", metavar="FILE", help="records; without one those of the catalogue")
    command.add_argument("--kind", choices=("files", "params", "runtime"))
    command.add_argument("--architectures", metavar="FILE", help="configs in the shape of architectures.json")
    command.add_argument("--json", action="store_true")
    command.set_defaults(run=compare)


def chosen(asked: argparse.Namespace, weights: Format, engine: str = "") -> tuple[str, Architecture, str]:
    """Name and architecture of the model, and the repository that holds it in the format."""
    if asked.config is not None:
        return "model", Architecture.from_config(catalog.read_config(asked.config)), ""
    model = catalog.model(asked.model)
    return model.id, model.architecture, model.repository(weights.id, engine)


def cards(asked: argparse.Namespace) -> tuple[Device, ...]:
    found: list[Device] = []
    for text in asked.gpu:
        name, colon, count = text.partition(":")
        found += [catalog.device(name)] * (number_of_cards("gpu", count) if colon else 1)
    if asked.gpus is None:
        return tuple(found)
    if len(found) > 1:
        raise InputError("gpus", f"{asked.gpus} goes with one --gpu", "--gpu ID:COUNT for each kind of card")
    return tuple(found * number_of_cards("gpus", str(asked.gpus)))


def number_of_cards(field: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_DEVICES or len(text) > 9:
        raise InputError(field, f"{text[:40]!r} is not usable", f"1 to {MOST_DEVICES:,}")
    return int(text)


def options_of(asked: argparse.Namespace) -> Options:
    return Options(
        kv=asked.kv,
        tensor_parallel=asked.tp,
        pipeline_parallel=asked.pp,
        expert_parallel=asked.ep,
        gpu_memory_utilization=asked.gpu_memory_utilization,
        max_num_seqs=asked.max_num_seqs,
        max_num_batched_tokens=asked.max_num_batched_tokens,
        ubatch=asked.ubatch,
        flash_attention=not asked.no_flash_attention,
        gpu_layers=asked.gpu_layers,
        cpu_moe=asked.cpu_moe,
        enforce_eager=asked.enforce_eager,
    )


def estimate(asked: argparse.Namespace) -> None:
    engine, _, version = asked.engine.lower().partition("@")
    engines.engine(asked.engine.lower())
    weights = parse_format(asked.weights)
    name, architecture, hub_name = chosen(asked, weights, engine)
    found = size(
        Deployment(
            name, architecture, weights, engine, version, cards(asked), asked.context, asked.requests,
            options_of(asked), hub_name=hub_name,
        )
    )  # fmt: skip
    show(asked, report.as_dict(found), report.lines(found, asked.unit))


def weights(asked: argparse.Namespace) -> None:
    form = parse_format(asked.weights)
    _, architecture, _ = chosen(asked, form)
    found = weigh(architecture, form)
    values = {
        "parameters": {"total": architecture.parameters, "active": architecture.active_parameters},
        "weights_bytes": found.weights_bytes,
        "file_bytes": found.file_bytes,
        "by_kind": found.by_kind,
    }
    show(asked, values, [f"{name:<16}{value}" for name, value in values.items()])


def fit(asked: argparse.Namespace) -> None:
    rows = what_fits(cards(asked), asked.context, asked.requests, asked.engine and asked.engine.lower())
    text = [f"{row['model']:<32}{row['weights']:<16}{row['engine']:<14}{row['verdict']}" for row in rows]
    show(asked, rows, text)


def models(asked: argparse.Namespace) -> None:
    rows: list[dict[str, Any]] = [
        {"id": model.id, "name": model.name, "hub_names": model.hub_names, "aliases": model.aliases,
         "parameters": model.architecture.parameters, "source": model.source, "checked": model.checked}
        for model in catalog.models()
    ]  # fmt: skip
    show(asked, rows, [f"{row['id']:<36}{row['parameters']:>18,}  {', '.join(row['hub_names'])}" for row in rows])


def gpus(asked: argparse.Namespace) -> None:
    rows: list[dict[str, Any]] = [
        {"id": device.id, "name": device.name, "usable": device.usable, "cuda_total": device.cuda_total,
         "bandwidth": device.bandwidth, "source": device.source, "checked": device.checked}
        for device in catalog.devices()
    ]  # fmt: skip
    show(asked, rows, [f"{row['id']:<28}{row['usable'] / 2**30:>8.2f} GiB  {row['name']}" for row in rows])


def formats(asked: argparse.Namespace) -> None:
    show(asked, list(FORMATS), list(FORMATS))


def engine_names(asked: argparse.Namespace) -> None:
    rows = {name: engines.latest(name) for name in engines.MODULES}
    show(asked, rows, [f"{name:<16}{latest}" for name, latest in rows.items()])


def compare(asked: argparse.Namespace) -> None:
    architectures = architectures_of(asked.architectures)
    paths = asked.files or [str(catalog.DATA / "measurements.jsonl"), str(catalog.DATA / "files.jsonl")]
    rows = [
        row for path in paths for row in compared(asked.kind, catalog.read_records(path, LARGEST_FILE), architectures)
    ]
    summary = accuracy.summary(rows)
    values = {"summary": summary, "records": [report.comparison_dict(row) for row in rows]}
    declined = [row for row in rows if row.predicted is None]
    text = [f"{row.engine:<14}{row.record[:60]:<62}{row.component:<16}{shown_error(row)}" for row in rows]
    show(asked, values, [*text, "", *report.table(summary), "", f"{len(rows)} figures, {len(declined)} declined"])


def shown_error(row: accuracy.Comparison) -> str:
    return f"declined: {row.reason}" if row.predicted is None else f"{row.predicted:,.0f} against {row.measured:,.0f}"


def compared(
    kind: str | None, records: list[dict[str, Any]], architectures: Mapping[str, Architecture]
) -> list[accuracy.Comparison]:
    rules: dict[str, Callable[..., list[accuracy.Comparison]]] = {
        "runtime": accuracy.compare,
        "files": published_records.compare_files,
        "params": published_records.compare_params,
    }
    found: list[accuracy.Comparison] = []
    for name, rule in rules.items():
        found += rule([record for record in records if (kind or kind_of(record)) == name], architectures)
    return found


def kind_of(record: Mapping[str, Any]) -> str:
    return "runtime" if "engine" in record else "files" if "format" in record else "params"


def architectures_of(path: str | None) -> dict[str, Architecture]:
    """By name: those of the catalogue and of the file. Records of a type that is not known will be declined."""
    found = {name: model.architecture for model in catalog.models() for name in (model.id, *model.names)}
    for row in catalog.read_list(path, LARGEST_FILE) if path else ():
        try:
            found[row["id"]] = Architecture.from_config(row["config"])
        except InputError:
            continue
    return found


def show(asked: argparse.Namespace, values: Any, text: list[str]) -> None:
    print(json.dumps(values, ensure_ascii=False, indent=1) if asked.json else "\n".join(text))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
