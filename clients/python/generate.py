"""Writes promised/services.py and promised/fields.py: classes with types and docstrings, from a descriptor set.

`python generate.py DESCRIPTOR_SET`; clients/generate.sh runs it. What stands there comes from the proto files and their comments.
"""

import keyword
import pathlib
import re
import sys
import textwrap

from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Field

HERE = pathlib.Path(__file__).parent / "promised"
NAMES = {"Promise": "promises", "Snapshot": "snapshots", "Scenario": "scenarios", "Event": "events", "Exception": "exceptions"}
SCALARS = {Field.TYPE_DOUBLE: "Number", Field.TYPE_FLOAT: "Number", Field.TYPE_BOOL: "bool", Field.TYPE_BYTES: "bytes", Field.TYPE_STRING: "str"}
DATES = re.compile(r"(^|_)(date|from|to|until)($|_)")
HEAD = '"""{} Made by generate.py from proto/; do not edit."""\n\nfrom __future__ import annotations\n\n'


def snake(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Package:
    """All messages of the package by full name, and the comments of its files."""

    def __init__(self, files):
        self.files, self.messages, self.modules = [f for f in files if f.package == "promised.v1"], {}, {}
        for file in self.files:
            module = file.name.split("/")[-1].removesuffix(".proto") + "_pb2"
            for message in file.message_type:
                self._message(f".{file.package}.{message.name}", message, module, message.name)

    def _message(self, full, message, module, name):
        self.messages[full], self.modules[full] = message, f"{module}.{name}"
        for within in message.nested_type:
            self._message(f"{full}.{within.name}", within, module, f"{name}.{within.name}")

    def dict_name(self, full):
        return full.removeprefix(".promised.v1.").replace(".", "") + "Fields"

    def type_of(self, field):
        if field.type == Field.TYPE_MESSAGE:
            one = self._message_type(field)
        elif field.type == Field.TYPE_STRING and DATES.search(field.name):
            one = "Day"
        else:
            one = "Enum" if field.type == Field.TYPE_ENUM else SCALARS.get(field.type, "int")
        if field.label != Field.LABEL_REPEATED:
            return f"Optional[{one}]" if field.proto3_optional else one
        within = self.messages.get(field.type_name)
        if within is not None and within.options.map_entry:
            return "Mapping[str, Any]"
        return f"Iterable[{one}]"

    def _message_type(self, field):
        known = {".google.protobuf.Timestamp": "Time", ".google.protobuf.Duration": "Span"}
        if field.type_name in known:
            return known[field.type_name]
        return f'Union[{self.modules[field.type_name]}, "{self.dict_name(field.type_name)}"]'

    def reached(self):
        """All messages that requests are made of, requests first."""
        answer, open_ = [], [m.input_type for f in self.files for s in f.service for m in s.method]
        while open_:
            full = open_.pop(0)
            if full in answer or full not in self.messages:
                continue
            answer.append(full)
            open_ += [f.type_name for f in self.messages[full].field if f.type == Field.TYPE_MESSAGE]
        return [full for full in answer if not self.messages[full].options.map_entry]


def comments(file):
    """Leading comments by path."""
    return {tuple(place.path): clean(place.leading_comments) for place in file.source_code_info.location}


def clean(text):
    return "\n".join(line.strip() for line in text.strip().splitlines())


def docstring(text, indent):
    lines = textwrap.wrap(" ".join(text.split()), 116 - indent)
    quoted = f'"""{lines[0]}"""' if len(lines) == 1 else '"""' + "\n".join(lines) + '\n"""'
    return textwrap.indent(quoted.replace("\\", "\\\\"), " " * indent)


def fields_file(package):
    out = HEAD.format("The fields of requests, as dicts and keyword arguments take them.")
    out += "from datetime import date, datetime, timedelta\nfrom decimal import Decimal\nfrom typing import Any, Iterable, Mapping, Optional, TypedDict, Union\n\n"
    out += "from google.protobuf.duration_pb2 import Duration\nfrom google.protobuf.timestamp_pb2 import Timestamp\n\n"
    modules = sorted({package.modules[full].split(".")[0] for full in package.reached()})
    out += f"from .v1 import {', '.join(modules)}\n\n"
    out += "Number = Union[float, int, Decimal]\nDay = Union[str, date]\nTime = Union[datetime, Timestamp]\nSpan = Union[timedelta, Duration]\nEnum = Union[int, str]\n"
    for full in package.reached():
        out += f"\n\nclass {package.dict_name(full)}(TypedDict, total=False):\n"
        out += docstring(f"The fields of {full.removeprefix('.promised.v1.')}.", 4) + "\n\n"
        for field in package.messages[full].field:
            name = f"{field.name}_" if keyword.iskeyword(field.name) else field.name
            out += f"    {name}: {package.type_of(field)}\n"
    return out


def service_class(package, service, told, path, kind):
    """The text of a service's class; `kind` is "" or "Async"."""
    short = service.name.removesuffix("Service")
    out = f"\n\nclass {kind}{short}(Service):\n{docstring(told.get(path, service.name), 4)}\n"
    for position, method in enumerate(service.method):
        asks, answers = package.modules[method.input_type], package.modules[method.output_type]
        doc = docstring(told.get((*path, 2, position), method.name), 8)
        name = snake(method.name)
        stream = f"AsyncGenerator[{answers}, None]" if kind else f"Generator[{answers}, None, None]"
        answer = stream if method.server_streaming else f"Awaitable[{answers}]" if kind else answers
        options = "*, timeout: Optional[float] = None, headers: Optional[Mapping[str, str]] = None"
        if method.client_streaming:
            source = f"Union[Iterable[{asks}], AsyncIterable[{asks}]]" if kind else f"Iterable[{asks}]"
            out += f"\n    def {name}(self, requests: {source}, {options}) -> {answer}:\n{doc}\n"
            out += f'        return self._call(self.rpc("{method.name}"), requests, timeout, headers, {{}})\n'
            continue
        fields = package.dict_name(method.input_type)
        out += f"\n    def {name}(self, request: Optional[{asks}] = None, {options}, **fields: Unpack[{fields}]) -> {answer}:\n{doc}\n"
        out += f'        return self._call(self.rpc("{method.name}"), request, timeout, headers, fields)\n'
    return out


def services_file(package):
    out = HEAD.format("One class a service, one method an RPC.")
    out += "from typing import TYPE_CHECKING, Any, AsyncGenerator, AsyncIterable, Awaitable, Callable, Generator, Iterable, Mapping, Optional, Union\n\n"
    out += "from .calls import Rpc\n"
    modules = sorted(f.name.split("/")[-1].removesuffix(".proto") + "_pb2" for f in package.files)
    out += f"from .v1 import {', '.join(modules)}\n\nif TYPE_CHECKING:\n    from typing_extensions import Unpack\n\n"
    names = sorted({package.dict_name(m.input_type) for f in package.files for s in f.service for m in s.method if not m.client_streaming})
    out += "    from .fields import (\n" + "".join(f"        {name},\n" for name in names) + "    )\n"
    out += '''

class Service:
    """The RPCs of a service, by name, and what calls them."""

    _DESCRIPTOR: Any

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call
        self._rpcs = {method.name: Rpc(method) for method in self._DESCRIPTOR.methods}

    def rpc(self, name: str) -> Rpc:
        """The RPC of a name such as "PromiseStream"."""
        return self._rpcs[name]
'''
    attributes = []
    for kind in ("", "Async"):
        holders = []
        for file in package.files:
            told = comments(file)
            for position, service in enumerate(file.service):
                text = service_class(package, service, told, (6, position), kind)
                module = file.name.split("/")[-1].removesuffix(".proto") + "_pb2"
                marker = '"""\n\n    def '
                text = text.replace(marker, f'"""\n\n    _DESCRIPTOR = {module}.DESCRIPTOR.services_by_name["{service.name}"]\n\n    def ', 1)
                out += text
                short = service.name.removesuffix("Service")
                holders.append((NAMES.get(short, short.lower()), f"{kind}{short}"))
        attributes.append((kind, holders))
    for kind, holders in attributes:
        out += f'\n\nclass {kind}Services:\n    """All services of a server, an attribute each."""\n\n    def __init__(self, call: Callable[..., Any]) -> None:\n'
        out += "".join(f"        self.{name} = {shape}(call)\n" for name, shape in holders)
        out += '\n    def descriptors(self) -> list[Any]:\n        """What the services are made of: their methods, messages and options."""\n'
        out += "        return [service._DESCRIPTOR for service in vars(self).values() if isinstance(service, Service)]\n"
    return out


def main():
    files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(sys.argv[1]).read_bytes()).file
    package = Package(files)
    (HERE / "fields.py").write_text(fields_file(package))
    (HERE / "services.py").write_text(services_file(package))


main()
