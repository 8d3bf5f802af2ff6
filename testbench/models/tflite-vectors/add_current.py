# SPDX-License-Identifier: Apache-2.0
"""Adds to vectors.zip what the reference kernels of today's LiteRT make of the models, where that differs.

    pip install ai-edge-litert==2.3.0
    python add_current.py vectors.zip

It writes OPERATOR-N/out-current.bin beside out.bin, of which TFLite 2.14 is the judge, and names the models.
"""
import sys
import zipfile

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType


def run(model, data):
    it = Interpreter(model_content=model, experimental_op_resolver_type=OpResolverType.BUILTIN_REF, num_threads=1)
    it.allocate_tensors()
    i, o = it.get_input_details()[0], it.get_output_details()[0]
    outputs = []
    for frame in np.frombuffer(data, i['dtype']).reshape([-1] + list(i['shape'])):
        it.set_tensor(i['index'], frame)
        it.invoke()
        outputs.append(it.get_tensor(o['index']).tobytes())
    return b''.join(outputs)


def main(path):
    with zipfile.ZipFile(path, 'a') as archive:
        names = archive.namelist()
        for folder in sorted({name.split('/')[0] for name in names}):
            # There is no reference kernel of ELU, and LiteRT alone is its judge.
            if folder + '/out-current.bin' in names or folder.startswith('ELU-'):
                continue
            output = run(archive.read(folder + '/model.tflite'), archive.read(folder + '/in.bin'))
            if output != archive.read(folder + '/out.bin'):
                entry = zipfile.ZipInfo(folder + '/out-current.bin', (2000, 1, 1, 0, 0, 0))
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, output)
                print(folder)


if __name__ == '__main__':
    main(sys.argv[1])
