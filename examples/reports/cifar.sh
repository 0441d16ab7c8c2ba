#!/usr/bin/env bash
# CIFAR-10's network with the images shared out among up to twelve workers, and what it costs them to agree on sums.
set -euo pipefail

daskcnn explain cifar --chunks batch=4 --workers 4 --input random:50000x3x32x32 --layer conv1
daskcnn sweep cifar --scaling strong --chunks batch --images 2000 --workers 1,2,4,6,8,10,12

# Sums over all workers, layer by layer: the exchange that gradients need, here of partial sums of input channels.
daskcnn plan cifar --chunks filter=4 --workers 4 --fan-in 2 --images 2000
daskcnn run cifar --chunks filter=4 --workers 4 --fan-in 2 --images 2000
daskcnn blame

daskcnn report --where network=cifar --to cifar-report.html
