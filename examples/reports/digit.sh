#!/usr/bin/env bash
# One image of 28x28 on its way through the layers: what each of four workers gets, computes and hands on.
set -euo pipefail

daskcnn explain digit --chunks channel=4 --workers 4 --images 1
daskcnn explain digit --chunks channel=4 --workers 4 --images 1 --html digit.html
