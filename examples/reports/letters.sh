#!/usr/bin/env bash
# The letters' network on batches of sixteen: which layers are worth cutting, and when work is too small for it.
set -euo pipefail

daskcnn explain letters --chunks channel=8 --workers 8 --images 16
daskcnn sweep letters --chunks batch,channel,spatial,filter --workers 1,4,8 --images 16

# Each layer a task of its own: most are too small to pay, and the layers' page has the time of each.
daskcnn graph letters --chunks channel=8 --workers 8 --images 16 --granularity layer --ask granularity,advice
daskcnn run letters --chunks channel=4 --workers 4 --images 16 --granularity layer
daskcnn dashboard --export letters.html

# From which number of images on cutting pays.
daskcnn sweep letters --chunks serial,batch --workers 1,2 --images 1
daskcnn sweep letters --chunks serial,batch --workers 1,2 --images 16
daskcnn sweep letters --chunks serial,batch --workers 1,2 --images 128
