#!/bin/sh
# Makes the generated code of the Python, Go and TypeScript clients, and the types of the console, from proto/ (Java's is
# made by its pom). Run it after each change of a proto file and commit what it changes. Needs python3 with pip, Go and
# npm; tools go to clients/.tools.
# Python's is made with an old tool on purpose: old generated code runs under new protobuf, not the other way round.
set -eu
cd "$(dirname "$0")/.."
tools=$PWD/clients/.tools
mkdir -p "$tools"
if [ ! -x "$tools/python/bin/python" ]; then
  python3 -m venv "$tools/python"
  "$tools/python/bin/pip" install -q grpcio-tools==1.66.2 'setuptools<80' googleapis-common-protos || { rm -rf "$tools/python"; exit 1; }
fi
protoc() { "$tools/python/bin/python" -m grpc_tools.protoc -Iproto "$@" proto/promised/v1/*.proto; }

# Messages by protoc; services and their types by our own generator, from the comments.
rm -rf clients/python/promised/v1
protoc --python_out=clients/python --pyi_out=clients/python
touch clients/python/promised/v1/__init__.py
protoc --descriptor_set_out="$tools/promised.bin" --include_imports --include_source_info
"$tools/python/bin/python" clients/python/generate.py "$tools/promised.bin"

GOBIN=$tools/go
export GOBIN
[ -x "$GOBIN/protoc-gen-go" ] || go install google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.11
[ -x "$GOBIN/protoc-gen-go-grpc" ] || go install google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2
rm -rf clients/go/promisedv1
module=module=promised.local/clients/go
protoc --plugin="$GOBIN/protoc-gen-go" --plugin="$GOBIN/protoc-gen-go-grpc" \
  --go_out=clients/go --go_opt=$module --go-grpc_out=clients/go --go-grpc_opt=$module

# With the details of errors, which google/rpc names and @bufbuild/protobuf does not bring.
[ -x "$tools/node_modules/.bin/protoc-gen-es" ] || npm install --silent --no-audit --no-fund --prefix "$tools" @bufbuild/protoc-gen-es@2.13.0 @bufbuild/protobuf@2.13.0
rpc=$("$tools/python/bin/python" -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')
rm -rf clients/typescript/src/gen
mkdir -p clients/typescript/src/gen
protoc --plugin="$tools/node_modules/.bin/protoc-gen-es" -I"$rpc" --es_out=clients/typescript/src/gen \
  --es_opt=target=ts,import_extension=js google/rpc/error_details.proto google/rpc/status.proto

# What the console checks its calls by.
[ -d console/node_modules ] || npm ci --silent --no-audit --no-fund --prefix console
npm run --silent --prefix console types
