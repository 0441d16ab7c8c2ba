#!/usr/bin/env bash
# One image of 28x28 on its way through the layers: what each of four workers gets, computes and hands on.
set -euo pipefail

daskcnn explain letters --chunks channel=4 --workers 4 --images 1 --html letters-walk.html
daskcnn explain model.onnx --chunks channel=4 --workers 4 --images 1
