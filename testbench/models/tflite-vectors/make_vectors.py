# SPDX-License-Identifier: Apache-2.0
"""Makes vectors.zip: small random quantized TFLite models of one operator each, written field by field,
with inputs and what TFLite's reference kernels make of them.

    pip install tflite-runtime==2.14.0 "numpy<2" flatbuffers ai-edge-litert
    python make_vectors.py vectors.zip [models of each operator [seed]]

The judge is tflite-runtime 2.14 with BUILTIN_REF; ai-edge-litert is there for the schema's Python classes
(schema_py_generated). Where tflite-runtime is not installed, LiteRT is the judge, and the operators of NEWER are added to the file
that are not in it yet. Zip entries: OPERATOR-N/ and, with 16-bit activations, OPERATOR_16-N/; in each model.tflite,
in.bin and out.bin (frames one after another).
"""
import os
import sys
import zipfile

import flatbuffers
import numpy as np
import schema_py_generated as S

try:
    from tflite_runtime.interpreter import Interpreter, OpResolverType
    LITERT = False
except ImportError:
    from ai_edge_litert.interpreter import Interpreter, OpResolverType
    LITERT = True

T = S.TensorType
B = S.BuiltinOperator
O = S.BuiltinOptions
DT = {'int8': (T.INT8, np.int8), 'uint8': (T.UINT8, np.uint8), 'int16': (T.INT16, np.int16), 'int32': (T.INT32, np.int32), 'int64': (T.INT64, np.int64), 'float32': (T.FLOAT32, np.float32), 'bool': (T.BOOL, np.bool_)}
class M:
    def __init__(s):
        s.m = S.ModelT()
        s.m.version = 3
        s.m.description = ''
        s.m.operatorCodes = []
        s.m.buffers = [S.BufferT()]
        s.g = S.SubGraphT()
        s.g.name='main'
        s.g.tensors = []
        s.g.operators = []
        s.g.inputs = []
        s.g.outputs = []
        s.m.subgraphs = [s.g]
        s.codes = {}
    def t(s, dt, shape, scale=None, zp=0, data=None, axis=0, name=None):
        t = S.TensorT()
        t.shape = np.array(shape, np.int32) if len(shape) else np.zeros(0,np.int32)
        t.type = DT[dt][0]
        t.name = name or 't%d' % len(s.g.tensors)
        t.buffer = 0
        t.hasRank=True
        if scale is not None:
            q = S.QuantizationParametersT()
            q.scale = np.atleast_1d(np.asarray(scale, np.float32))
            q.zeroPoint = np.atleast_1d(np.asarray(zp, np.int64))
            if len(q.zeroPoint) != len(q.scale): q.zeroPoint = np.repeat(q.zeroPoint, len(q.scale))
            q.quantizedDimension = axis
            t.quantization = q
        if data is not None:
            b = S.BufferT()
            raw = np.ascontiguousarray(np.asarray(data, DT[dt][1])).tobytes()
            b.data = np.frombuffer(raw, np.uint8)
            s.m.buffers.append(b)
            t.buffer = len(s.m.buffers) - 1
        s.g.tensors.append(t)
        return len(s.g.tensors) - 1
    def op(s, code, ins, outs, opt=None, opttype=0, version=1):
        if (code,version) not in s.codes:
            c = S.OperatorCodeT()
            c.builtinCode = code
            c.deprecatedBuiltinCode = min(code, 127)
            c.version = version
            s.m.operatorCodes.append(c)
            s.codes[(code,version)] = len(s.m.operatorCodes) - 1
        o = S.OperatorT()
        o.opcodeIndex = s.codes[(code,version)]
        o.inputs = np.array(ins, np.int32)
        o.outputs = np.array(outs, np.int32)
        o.builtinOptionsType = opttype
        o.builtinOptions = opt
        s.g.operators.append(o)
    def bytes(s, ins, outs):
        s.g.inputs = np.array(ins, np.int32)
        s.g.outputs = np.array(outs, np.int32)
        b = flatbuffers.Builder(1024)
        b.Finish(s.m.Pack(b), b'TFL3')
        return bytes(b.Output())
def run(model, frames, resolver=OpResolverType.BUILTIN_REF):
    it = Interpreter(model_content=model, experimental_op_resolver_type=resolver, num_threads=1)
    it.allocate_tensors()
    i = it.get_input_details()[0]
    outs = []
    for f in frames:
        it.set_tensor(i['index'], f)
        it.invoke()
        outs.append(it.get_tensor(it.get_output_details()[0]['index']).copy())
    return outs
def frames(rng, dt, shape, n, special=True):
    if dt == 'float32': return [rng.standard_normal(shape).astype(np.float32)*3 for _ in range(n)]
    info = np.iinfo(DT[dt][1])
    out = []
    for k in range(n):
        f = rng.integers(info.min, info.max + 1, shape).astype(DT[dt][1])
        if special and k == n-1 and n > 2: f = rng.choice(np.array([info.min, info.max], DT[dt][1]), shape)
        out.append(f)
    return out


SCALES = (0.006187676, 0.010967327, 0.015080112)
ACT = [0,0,1,2,3]
class R:
    def __init__(s, rng, wide=False):
        s.r = rng
        s.wide = wide
    def dt(s, l):
        narrow = s.c(l)
        return 'int16' if s.wide else narrow
    def i(s, a, b): return int(s.r.integers(a, b+1))
    def c(s, l): return l[s.i(0, len(l)-1)]
    def scale(s, lo=0.002, hi=0.2): return float(np.float32(np.exp(s.r.uniform(np.log(lo), np.log(hi)))))
    def zp(s, dt):
        if dt == 'int16': return 0
        lo, hi = (-128, 127) if dt == 'int8' else (0, 255)
        return s.c([lo, hi, (lo+hi+1)//2, s.i(lo, hi), s.i(lo, hi)])
def q(r, m, dt, shape, **k):
    if 'scale' not in k: k['scale'] = r.scale()
    if 'zp' not in k: k['zp'] = r.zp(dt)
    return m.t(dt, shape, **k)
def rnd(r, dt, shape):
    info = np.iinfo(DT[dt][1])
    return r.r.integers(info.min, info.max+1, shape).astype(DT[dt][1])
GEN = {}
def gen(f):
    GEN[f.__name__] = f
    return f
DTS = ['int8', 'int8', 'uint8']
def bias(r, m, dt, co, scales):
    if dt != 'int16': return m.t('int32', (co,), scales, 0, r.r.integers(-8000, 8000, co))
    wide = r.c([21, 21, 21, 31])
    return m.t('int64', (co,), scales, 0, r.r.integers(-1 << wide, 1 << wide, co))
def conv_like(r, dt, depthwise):
    m = M()
    perch = dt != 'uint8' and r.c([True, True, False])
    h, w, ci = r.i(1, 9), r.i(1, 9), r.i(1, 6)
    kh, kw = r.i(1, 4), r.i(1, 4)
    sh, sw = r.i(1, 3), r.i(1, 3)
    dh, dw = r.c([1,1,2]), r.c([1,1,3])
    if dh > 1 or dw > 1: sh = sw = 1
    pad = r.i(0, 1)
    if pad == 1:
        h = max(h, (kh-1)*dh+1)
        w = max(w, (kw-1)*dw+1)
        ho, wo = (h-(kh-1)*dh-1)//sh+1, (w-(kw-1)*dw-1)//sw+1
    else: ho, wo = -(-h//sh), -(-w//sw)
    if depthwise:
        mult = r.i(1, 3)
        co = ci*mult
        wshape = (1, kh, kw, co)
        axis = 3
    else:
        g = r.c([1,1,1,2])
        ci *= g
        co = g*r.i(1, 4)
        wshape = (co, kh, kw, ci//g)
        axis = 0
    b = r.c([1,1,1,2])
    si = r.scale()
    x = q(r, m, dt, (b,h,w,ci), scale=si)
    n = co if perch else 1
    ws = np.array([r.scale(0.001, 0.05) for _ in range(n)], np.float32)
    wdt = 'uint8' if dt == 'uint8' else 'int8'
    wd = rnd(r, wdt, wshape)
    if wdt == 'int8': wd = np.maximum(wd, -127)
    wz = r.zp('uint8') if dt == 'uint8' else 0
    wt = m.t(wdt, wshape, ws, wz, wd, axis)
    ins = [x, wt]
    if r.c([True, True, False]): ins.append(bias(r, m, dt, co, ws*si))
    else: pass
    so = r.scale(0.01, 1.0)
    y = q(r, m, dt, (b,ho,wo,co), scale=so)
    act = r.c(ACT)
    if depthwise:
        o = S.DepthwiseConv2DOptionsT()
        o.depthMultiplier = mult
        ot = O.DepthwiseConv2DOptions
        code = B.DEPTHWISE_CONV_2D
    else:
        o = S.Conv2DOptionsT()
        ot = O.Conv2DOptions
        code = B.CONV_2D
    o.padding = pad
    o.strideH, o.strideW = sh, sw
    o.dilationHFactor, o.dilationWFactor = dh, dw
    o.fusedActivationFunction = act
    m.op(code, ins, [y], o, ot, 3)
    return m, dt, (b,h,w,ci), x, y
@gen
def CONV_2D(r): return conv_like(r, r.dt(DTS), False)
@gen
def DEPTHWISE_CONV_2D(r): return conv_like(r, r.dt(DTS), True)
def fc(r, dt):
    m = M()
    n_in = r.i(1, 40)
    co = r.i(1, 12)
    lead = r.c([(1,), (1,), (3,), (1,2), (1,2,2)])
    perch = dt != 'uint8' and r.c([True, False])
    si = r.scale()
    x = q(r, m, dt, lead + (n_in,), scale=si)
    n = co if perch else 1
    ws = np.array([r.scale(0.001, 0.05) for _ in range(n)], np.float32)
    wdt = 'uint8' if dt == 'uint8' else 'int8'
    wd = rnd(r, wdt, (co, n_in))
    wz = r.zp('uint8') if dt == 'uint8' else (0 if perch else r.c([0,0,3,-7]))
    ins = [x, m.t(wdt, (co, n_in), ws, wz, wd, 0)]
    if r.c([True, True, False]): ins.append(bias(r, m, dt, co, ws*si))
    else: pass
    keep = len(lead) > 1 and not perch and r.c([True, False])
    flat = int(np.prod(lead))
    y = q(r, m, dt, (lead if keep else (flat,)) + (co,), scale=r.scale(0.01, 1.0))
    o = S.FullyConnectedOptionsT()
    o.keepNumDims = keep
    o.fusedActivationFunction = r.c(ACT)
    m.op(B.FULLY_CONNECTED, ins, [y], o, O.FullyConnectedOptions, 5)
    return m, dt, lead + (n_in,), x, y
@gen
def FULLY_CONNECTED(r): return fc(r, r.dt(DTS))
def shape(r, rank=None):
    rank = rank or r.i(1, 4)
    return tuple([1] + [r.i(1, 6) for _ in range(rank-1)]) if rank > 1 else (r.i(1, 8),)
def binary(r, code, ot, oc, dt):
    m = M()
    kind = r.c(['same', 'self', 'const', 'const', 'constscalar', 'constchannel', 'branch', 'bcast'])
    sh = shape(r, r.c([2,4,4,3]))
    x = q(r, m, dt, sh)
    o = oc()
    o.fusedActivationFunction = r.c(ACT)
    ysh = sh
    if kind == 'self': ins = [x, x]
    elif kind in ('same', 'branch', 'bcast'):
        # other operand: the input through a RELU-like rescale (QUANTIZE) of other scale
        z = q(r, m, dt, sh)
        m.op(B.QUANTIZE, [x], [z], S.QuantizeOptionsT(), O.QuantizeOptions, 2)
        if kind == 'bcast' and len(sh) == 4:
            z2 = q(r, m, dt, (1,1,1,sh[3]))
            zt = m.g.tensors[z]
            m.g.tensors[z2].quantization = zt.quantization
            po = S.Pool2DOptionsT()
            po.padding = 1
            po.strideH = po.strideW = 1
            po.filterHeight, po.filterWidth = sh[1], sh[2]
            m.op(B.AVERAGE_POOL_2D, [z], [z2], po, O.Pool2DOptions, 2)
            z = z2
        ins = [x, z] if r.c([True, False]) else [z, x]
    else:
        csh = {'const': sh, 'constscalar': r.c([(), (1,)]), 'constchannel': (sh[-1],)}[kind]
        if kind == 'const' and r.c([True, False]):
            csh = tuple(r.c([d, 1]) for d in sh)
        c = m.t(dt, csh, r.scale(), r.zp(dt), rnd(r, dt, csh))
        ins = [x, c] if r.c([True, False]) else [c, x]
    y = q(r, m, dt, ysh)
    if r.wide and code != B.MUL and r.c([True, False]): powers_of_two(r, m, ins, y)
    m.op(code, ins, [y], o, ot, 2)
    return m, dt, sh, x, y
def powers_of_two(r, m, ins, y):
    scales = [np.float32(2.0 ** -r.i(4, 12)) for _ in ins]
    for t, scale in zip(ins, scales): m.g.tensors[t].quantization.scale = np.array([scale])
    m.g.tensors[y].quantization.scale = np.array([max(m.g.tensors[t].quantization.scale[0] for t in ins)])
@gen
def ADD(r): return binary(r, B.ADD, O.AddOptions, S.AddOptionsT, r.dt(DTS))
@gen
def SUB(r): return binary(r, B.SUB, O.SubOptions, S.SubOptionsT, r.dt(DTS))
@gen
def MUL(r): return binary(r, B.MUL, O.MulOptions, S.MulOptionsT, r.dt(DTS))
def pool(r, code, dt):
    m = M()
    h, w, c = r.i(1, 10), r.i(1, 10), r.i(1, 5)
    kh, kw = r.i(1, 5), r.i(1, 5)
    sh, sw = r.i(1, 3), r.i(1, 3)
    pad = r.i(0, 1)
    if pad == 1:
        h = max(h, kh)
        w = max(w, kw)
        ho, wo = (h-kh)//sh+1, (w-kw)//sw+1
    else: ho, wo = -(-h//sh), -(-w//sw)
    s, z = r.scale(), r.zp(dt)
    x = m.t(dt, (1,h,w,c), s, z)
    y = m.t(dt, (1,ho,wo,c), s, z)
    o = S.Pool2DOptionsT()
    o.padding = pad
    o.strideH, o.strideW, o.filterHeight, o.filterWidth = sh, sw, kh, kw
    o.fusedActivationFunction = r.c(ACT)
    m.op(code, [x], [y], o, O.Pool2DOptions, 2)
    return m, dt, (1,h,w,c), x, y
@gen
def AVERAGE_POOL_2D(r): return pool(r, B.AVERAGE_POOL_2D, r.dt(DTS))
@gen
def MAX_POOL_2D(r): return pool(r, B.MAX_POOL_2D, r.dt(DTS))
def mean(r, dt):
    m = M()
    sh = shape(r, r.c([2,3,4,4,4]))
    rank = len(sh)
    k = r.i(1, rank)
    axes = sorted(r.r.choice(rank, k, replace=False).tolist())
    
    if r.c([True, True, False]) and rank == 4: axes = r.c([[1,2],[2,1],[1],[2],[3],[1,2,3]])
    keep = r.c([True, False])
    ysh = tuple((1 if i in axes else d) for i, d in enumerate(sh)) if keep else tuple(d for i, d in enumerate(sh) if i not in axes)
    st = [a - rank if r.c([True, False]) else a for a in axes]
    x = q(r, m, dt, sh)
    xt = m.g.tensors[x].quantization
    if r.c([True, False, False]): y = m.t(dt, ysh, xt.scale[0], xt.zeroPoint[0])
    else: y = q(r, m, dt, ysh, scale=r.scale(0.005, 0.1))
    o = S.ReducerOptionsT()
    o.keepDims = keep
    m.op(B.MEAN, [x, m.t('int32', (len(st),), data=st)], [y], o, O.ReducerOptions, 2)
    return m, dt, sh, x, y
@gen
def MEAN(r): return mean(r, r.dt(DTS))
@gen
def PAD(r):
    m = M()
    dt = r.dt(DTS)
    sh = shape(r, r.c([1,2,3,4,4]))
    p = [[r.i(0,2), r.i(0,2)] for _ in sh]
    if r.c([True, False]): p[0] = [0,0]
    ysh = tuple(d+a+b for d,(a,b) in zip(sh, p))
    s, z = r.scale(), r.zp(dt)
    x = m.t(dt, sh, s, z)
    y = m.t(dt, ysh, s, z)
    pt = m.t(r.c(['int32','int64']), (len(sh),2), data=p)
    if r.c([True, False]): m.op(B.PAD, [x, pt], [y], S.PadOptionsT(), O.PadOptions, 2)
    else: m.op(B.PADV2, [x, pt, m.t(dt, r.c([(), (1,)]), s, z, rnd(r, dt, (1,)))], [y], S.PadV2OptionsT(), O.PadV2Options, 2)
    return m, dt, sh, x, y
@gen
def RESHAPE(r):
    m = M()
    dt = r.dt(DTS)
    sh = shape(r, 4)
    n = int(np.prod(sh))
    s, z = r.scale(), r.zp(dt)
    kind = r.c(['r', 's', 'e'])
    x = m.t(dt, sh, s, z)
    if kind == 'r':
        ysh = r.c([(1,n), (1,n,1), (1,sh[1]*sh[2],sh[3]), (1,sh[1],sh[2]*sh[3]), (n,)])
        st = list(ysh)
        if r.c([True, False]): st[r.i(0, len(st)-1)] = -1
        y = m.t(dt, ysh, s, z)
        o = S.ReshapeOptionsT()
        o.newShape = np.array(st, np.int32)
        if r.c([True, False]): m.op(B.RESHAPE, [x, m.t('int32', (len(st),), data=st)], [y], o, O.ReshapeOptions)
        else: m.op(B.RESHAPE, [x], [y], o, O.ReshapeOptions)
    elif kind == 's':
        ones = [i for i,d in enumerate(sh) if d == 1]
        pick = [i for i in ones if r.c([True, False])]
        ysh = tuple(d for i,d in enumerate(sh) if i not in (pick or ones))
        y = m.t(dt, ysh, s, z)
        o = S.SqueezeOptionsT()
        o.squeezeDims = np.array([i - 4 if r.c([True,False]) else i for i in pick], np.int32)
        m.op(B.SQUEEZE, [x], [y], o, O.SqueezeOptions)
    else:
        a = r.i(0, 4)
        ysh = sh[:a] + (1,) + sh[a:]
        y = m.t(dt, ysh, s, z)
        m.op(B.EXPAND_DIMS, [x, m.t('int32', r.c([(), (1,)]), data=[r.c([a, a-5])])], [y], S.ExpandDimsOptionsT(), O.ExpandDimsOptions)
    return m, dt, sh, x, y
@gen
def TRANSPOSE(r):
    m = M()
    dt = r.dt(DTS)
    sh = shape(r, r.c([2,3,4,5]))
    p = r.r.permutation(len(sh)).tolist()
    s, z = r.scale(), r.zp(dt)
    x = m.t(dt, sh, s, z)
    y = m.t(dt, tuple(sh[i] for i in p), s, z)
    m.op(B.TRANSPOSE, [x, m.t('int32', (len(p),), data=p)], [y], S.TransposeOptionsT(), O.TransposeOptions, 2)
    return m, dt, sh, x, y
@gen
def CONCATENATION(r):
    m = M()
    dt = r.dt(['int8', 'uint8', 'uint8'])
    sh = shape(r, r.c([2,3,4,4]))
    ax = r.i(0, len(sh)-1)
    n = r.i(2, 4)
    x = q(r, m, dt, sh)
    xt = m.g.tensors[x].quantization
    ins = []
    for k in range(n):
        kind = r.c(['x', 'q', 'c'])
        if kind == 'x' or k == 0:
            ins.append((x, sh))
            continue
        same = dt != 'uint8' or r.c([True, False])
        sc, zp = (xt.scale[0], xt.zeroPoint[0]) if same else (r.scale(), r.zp(dt))
        csh = list(sh)
        if kind == 'q':
            z = m.t(dt, sh, sc, zp)
            if same: m.op(B.RESHAPE, [x, m.t('int32', (len(sh),), data=list(sh))], [z], S.ReshapeOptionsT(), O.ReshapeOptions)
            else: m.op(B.QUANTIZE, [x], [z], S.QuantizeOptionsT(), O.QuantizeOptions, 2)
            ins.append((z, sh))
        else:
            csh[ax] = r.i(1, 3)
            ins.append((m.t(dt, tuple(csh), sc, zp, rnd(r, dt, csh)), tuple(csh)))
    same = dt != 'uint8' or r.c([True, False])
    sc, zp = (xt.scale[0], xt.zeroPoint[0]) if same else (r.scale(), r.zp(dt))
    ysh = list(sh)
    ysh[ax] = sum(s[ax] for _, s in ins)
    y = m.t(dt, tuple(ysh), sc, zp)
    o = S.ConcatenationOptionsT()
    o.axis = r.c([ax, ax-len(sh)])
    m.op(B.CONCATENATION, [i for i,_ in ins], [y], o, O.ConcatenationOptions, 2)
    return m, dt, sh, x, y
@gen
def STRIDED_SLICE(r):
    m = M()
    dt = r.dt(DTS)
    sh = shape(r, r.c([2,3,4,4]))
    rank = len(sh)
    while True:
        n = r.c([rank, rank, rank, r.i(1, rank)])
        st = [r.c([1,1,2,-1,-2]) for _ in range(n)]
        bg = [r.i(-d-1, d) for d in sh[:n]]
        en = [r.i(-d-1, d+1) for d in sh[:n]]
        bm, em, sm = r.i(0, 15), r.i(0, 15), r.c([0, 0, r.i(0, 15)])
        bm &= (1<<n)-1
        em &= (1<<n)-1
        sm &= (1<<n)-1
        idx = []
        ok = True
        for a in range(n):
            if sm >> a & 1:
                if (bm >> a & 1): bm &= ~(1<<a)
                b = bg[a]
                st[a] = 1
                if not -sh[a] <= b < sh[a]:
                    ok = False
                    break
                en[a] = b + 1
                idx.append(b)
            else: idx.append(slice(None if bm>>a&1 else bg[a], None if em>>a&1 else en[a], st[a]))
        if not ok: continue
        try: ysh = np.empty(sh)[tuple(idx)].shape
        except Exception: continue
        if 0 in ysh: continue
        # numpy: negative begin below -d with positive stride clamps as tflite
        break
    s, z = r.scale(), r.zp(dt)
    x = m.t(dt, sh, s, z)
    y = m.t(dt, ysh, s, z)
    o = S.StridedSliceOptionsT()
    o.beginMask, o.endMask, o.shrinkAxisMask, o.ellipsisMask, o.newAxisMask = bm, em, sm, 0, 0
    o.offset = False
    m.op(B.STRIDED_SLICE, [x] + [m.t('int32', (n,), data=v) for v in (bg, en, st)], [y], o, O.StridedSliceOptions, 2)
    return m, dt, sh, x, y
@gen
def SPLIT(r):
    m = M()
    dt = r.dt(DTS)
    n = r.i(1, 3)
    sh = list(shape(r, r.c([2,3,4])))
    ax = r.i(1, len(sh)-1)
    sh[ax] *= n
    s, z = r.scale(), r.zp(dt)
    x = m.t(dt, sh, s, z)
    psh = list(sh)
    psh[ax] //= n
    ys = [m.t(dt, psh, s, z) for _ in range(n)]
    o = S.SplitOptionsT()
    o.numSplits = n
    m.op(B.SPLIT, [m.t('int32', (), data=[r.c([ax, ax-len(sh)])]), x], ys, o, O.SplitOptions, 2)
    k = r.i(0, n-1)
    if n > 1 and r.c([True, False]):
        y = q(r, m, dt, psh)
        ao = S.AddOptionsT()
        m.op(B.ADD, [ys[0], ys[-1]], [y], ao, O.AddOptions, 2)
    else: y = ys[k]
    return m, dt, tuple(sh), x, y
@gen
def RESIZE_NEAREST_NEIGHBOR(r):
    m = M()
    dt = r.dt(DTS)
    sh = (1, r.i(1, 7), r.i(1, 7), r.i(1, 3))
    h, w = r.i(1, 15), r.i(1, 15)
    s, z = r.scale(), r.zp(dt)
    x = m.t(dt, sh, s, z)
    y = m.t(dt, (1,h,w,sh[3]), s, z)
    o = S.ResizeNearestNeighborOptionsT()
    k = r.i(0, 3)
    o.alignCorners = k == 1
    o.halfPixelCenters = k == 2
    if k == 3: o.alignCorners = o.halfPixelCenters = r.c([True, False])
    m.op(B.RESIZE_NEAREST_NEIGHBOR, [x, m.t('int32', (2,), data=[h, w])], [y], o, O.ResizeNearestNeighborOptions, 3)
    return m, dt, sh, x, y
@gen
def QUANTIZE(r):
    m = M()
    pairs = [('int8','int8'), ('int8','uint8'), ('uint8','int8'), ('uint8','uint8'), ('float32','int8'), ('float32','uint8')]
    if r.wide: pairs = [('int16','int16'), ('int16','int8'), ('int8','int16'), ('uint8','int16'), ('float32','int16')]
    a, b = r.c(pairs)
    sh = shape(r)
    x = m.t('float32', sh) if a == 'float32' else q(r, m, a, sh, scale=r.scale(0.002, 1))
    y = q(r, m, b, sh, scale=r.scale(0.002, 1))
    m.op(B.QUANTIZE, [x], [y], S.QuantizeOptionsT(), O.QuantizeOptions, 2)
    return m, a, sh, x, y
@gen
def DEQUANTIZE(r):
    m = M()
    a = r.dt(['int8', 'uint8'])
    sh = shape(r)
    x = q(r, m, a, sh)
    z = q(r, m, a, sh)
    m.op(B.QUANTIZE, [x], [z], S.QuantizeOptionsT(), O.QuantizeOptions, 2)
    y = m.t('float32', sh)
    m.op(B.DEQUANTIZE, [z], [y], S.DequantizeOptionsT(), O.DequantizeOptions, 2)
    return m, a, sh, x, y
@gen
def SOFTMAX(r):
    m = M()
    dt = r.dt(DTS)
    sh = shape(r, r.c([1,2,2,3,4]))
    x = q(r, m, dt, sh, scale=r.scale(0.01, 1.0))
    y = m.t(dt, sh, *{'int8': (1/256, -128), 'uint8': (1/256, 0), 'int16': (1/32768, 0)}[dt])
    o = S.SoftmaxOptionsT()
    o.beta = r.c([1.0, 1.0, 0.5, 2.0])
    m.op(B.SOFTMAX, [x], [y], o, O.SoftmaxOptions, 2)
    return m, dt, sh, x, y
def unary(r, code, o, ot, dt, out=None, version=2, lo=0.002, hi=0.2):
    m = M()
    sh = shape(r)
    x = q(r, m, dt, (256,) if r.c([True, False]) else sh, scale=r.scale(lo, hi))
    sh = tuple(m.g.tensors[x].shape)
    y = m.t(dt, sh, *out) if out else q(r, m, dt, sh, scale=r.scale(lo, hi))
    m.op(code, [x], [y], o, ot, version)
    return m, dt, sh, x, y
@gen
def LOGISTIC(r):
    dt = r.dt(['int8', 'uint8'])
    return unary(r, B.LOGISTIC, None, 0, dt, {'int8': (1/256, -128), 'uint8': (1/256, 0), 'int16': (1/32768, 0)}[dt])
@gen
def TANH(r):
    dt = r.dt(['int8', 'uint8'])
    return unary(r, B.TANH, None, 0, dt, {'int8': (1/128, 0), 'uint8': (1/128, 128), 'int16': (1/32768, 0)}[dt])
@gen
def HARD_SWISH(r): return unary(r, B.HARD_SWISH, S.HardSwishOptionsT(), O.HardSwishOptions, r.dt(DTS), version=1)
@gen
def RELU(r): return unary(r, r.c([B.RELU, B.RELU6, B.RELU_N1_TO_1]), None, 0, r.dt(DTS), version=1)
@gen
def LEAKY_RELU(r):
    o = S.LeakyReluOptionsT()
    o.alpha = r.c([0.1, 0.3, 0.01, 1.5, 0.0, -0.2, 0.2])
    return unary(r, B.LEAKY_RELU, o, O.LeakyReluOptions, r.dt(DTS))
@gen
def PRELU(r):
    m = M()
    dt = r.dt(DTS)
    sh = shape(r, r.c([2,3,4,4]))
    x = q(r, m, dt, sh)
    ash = r.c([(1,)*(len(sh)-2)+(sh[-1],), (sh[-1],), (1,)*(len(sh)-1), sh[1:], (1,)])
    a = m.t(dt, ash, r.scale(), r.zp(dt), rnd(r, dt, ash))
    y = q(r, m, dt, sh)
    m.op(B.PRELU, [x, a], [y])
    return m, dt, sh, x, y
@gen
def SLICE(r):
    m = M()
    dt = r.dt(DTS)
    sh = shape(r, r.c([1,2,3,4,4]))
    b = [r.i(0, d-1) for d in sh]
    n = [r.i(1, d-x) for d,x in zip(sh,b)]
    s, z = r.scale(), r.zp(dt)
    x = m.t(dt, sh, s, z)
    y = m.t(dt, n, s, z)
    st = [(-1 if v == d-u and r.c([True,False]) else v) for v,d,u in zip(n,sh,b)]
    m.op(B.SLICE, [x, m.t('int32', (len(sh),), data=b), m.t('int32', (len(sh),), data=st)], [y], S.SliceOptionsT(), O.SliceOptions, 2)
    return m, dt, sh, x, y
@gen
def TILE(r):
    m = M()
    dt = r.dt(['int8','uint8'])
    sh = shape(r, r.c([1,2,3,4,4]))
    n = [r.i(1, 3) for d in sh]
    s, z = r.scale(), r.zp(dt)
    x = m.t(dt, sh, s, z)
    y = m.t(dt, [a*b for a,b in zip(sh,n)], s, z)
    m.op(B.TILE, [x, m.t(r.c(['int32','int64']), (len(sh),), data=n)], [y], S.TileOptionsT(), O.TileOptions, 2 if dt != 'uint8' else 1)
    return m, dt, sh, x, y
@gen
def REDUCE_MAX(r):
    m = M()
    dt = r.dt(DTS)
    sh = shape(r, r.c([2,3,4,4]))
    rank = len(sh)
    axes = sorted(r.r.choice(rank, r.i(1, rank), replace=False).tolist())
    keep = r.c([True, False])
    s, z = r.scale(), r.zp(dt)
    ysh = tuple((1 if i in axes else d) for i, d in enumerate(sh)) if keep else tuple(d for i, d in enumerate(sh) if i not in axes)
    x = m.t(dt, sh, s, z)
    y = m.t(dt, ysh, s, z)
    o = S.ReducerOptionsT()
    o.keepDims = keep
    m.op(B.REDUCE_MAX, [x, m.t('int32', (len(axes),), data=[a - r.c([0, rank]) for a in axes])], [y], o, O.ReducerOptions, 2)
    return m, dt, sh, x, y

@gen
def TRANSPOSE_CONV(r):
    dt = r.dt(DTS)
    m, b, ci, co = M(), r.c([1,1,2]), r.i(1, 5), r.i(1, 4)
    h, w, kh, kw, sh, sw = r.i(1, 6), r.i(1, 6), r.i(1, 5), r.i(1, 5), r.i(1, 3), r.i(1, 3)
    pad = r.i(0, 1)
    if pad == 1: ho, wo = (h-1)*sh + kh + r.i(0, sh-1), (w-1)*sw + kw + r.i(0, sw-1)
    else: ho, wo = h*sh - r.i(0, sh-1), w*sw - r.i(0, sw-1)
    perch, si = dt != 'uint8' and r.c([True, True, False]), r.scale()
    x = q(r, m, dt, (b,h,w,ci), scale=si)
    ws = np.array([r.scale(0.001, 0.05) for _ in range(co if perch else 1)], np.float32)
    wdt = 'uint8' if dt == 'uint8' else 'int8'
    wd = rnd(r, wdt, (co,kh,kw,ci))
    if wdt == 'int8': wd = np.maximum(wd, -127)
    wt = m.t(wdt, (co,kh,kw,ci), ws, r.zp('uint8') if dt == 'uint8' else 0, wd, 0)
    ins = [m.t('int32', (4,), data=[b,ho,wo,co]), wt, x]
    if r.c([True, True, False]): ins.append(bias(r, m, dt, co, ws*si))
    y = q(r, m, dt, (b,ho,wo,co), scale=r.scale(0.01, 1.0))
    o = S.TransposeConvOptionsT()
    o.padding, o.strideH, o.strideW, o.fusedActivationFunction = pad, sh, sw, r.c(ACT)
    m.op(B.TRANSPOSE_CONV, ins, [y], o, O.TransposeConvOptions, 4 if o.fusedActivationFunction else 3)
    return m, dt, (b,h,w,ci), x, y

@gen
def MUL_OF_EVERY_PAIR(r):
    """At these scales it shows in 7 products whether the ratio is rounded to float32."""
    m = M()
    dt = 'uint8'
    sh = (1, 256, 1, 256)
    x = m.t(dt, sh, SCALES[0], 12)
    c = m.t(dt, (256,), SCALES[2], 224, np.arange(256))
    y = m.t(dt, sh, SCALES[1], 216)
    m.op(B.MUL, [x, c], [y], S.MulOptionsT(), O.MulOptions, 2)
    return m, dt, sh, x, y


NEWER = {}
def newer(f):
    NEWER[f.__name__] = f
    return f
def maps(r): return (1, r.i(1, 8), r.i(1, 8), r.i(1, 4))
@newer
def RESIZE_BILINEAR(r):
    m, sh, s = M(), maps(r), r.scale()
    size = [2 * sh[1], 2 * sh[2]] if r.c([True, False]) else [r.i(1, 12), r.i(1, 12)]
    x, y = m.t('int8', sh, s, 3), m.t('int8', (1, *size, sh[3]), s, 3)
    o = S.ResizeBilinearOptionsT()
    o.alignCorners, o.halfPixelCenters = r.c([(False, False), (True, False), (False, True), (False, True)])
    m.op(B.RESIZE_BILINEAR, [x, m.t('int32', (2,), data=size)], [y], o, O.ResizeBilinearOptions, 3)
    return m, 'int8', sh, x, y
@newer
def LOG_SOFTMAX(r):
    m, sh = M(), shape(r, r.c([2, 2, 3, 4]))
    sh = (*sh[:-1], r.c([1, 2, 10, 12, 40, 300]))
    x, y = m.t('int8', sh, r.scale(0.0005, 1.5), r.zp('int8')), m.t('int8', sh, 1 / 16, 127)
    m.op(B.LOG_SOFTMAX, [x], [y], S.LogSoftmaxOptionsT(), O.LogSoftmaxOptions, 2)
    return m, 'int8', sh, x, y
def moved(r, code, options, kind):
    m, dt, s, n = M(), r.c(DTS + ['int16'] * (code == B.MIRROR_PAD)), r.scale(), r.i(1, 3)
    z = r.zp(dt)
    if code == B.MIRROR_PAD:
        sh = (1, r.i(2, 6), r.i(2, 6), r.i(2, 4))
        mode = r.i(0, 1)
        pads = [[0, 0]] + [[r.i(0, d - 1 + mode), r.i(0, d - 1 + mode)] for d in sh[1:3]] + [[0, 0]]
        ysh, options.mode = tuple(d + sum(p) for d, p in zip(sh, pads)), mode
        more = [m.t('int32', (4, 2), data=pads)]
    else:
        coarse, fine = (1, r.i(1, 4), r.i(1, 4), n * n * r.i(1, 3)), None
        fine = (1, coarse[1] * n, coarse[2] * n, coarse[3] // (n * n))
        sh, ysh = (fine, coarse) if code == B.SPACE_TO_DEPTH else (coarse, fine)
        options.blockSize, more = n, []
    x, y = m.t(dt, sh, s, z), m.t(dt, ysh, s, z)
    m.op(code, [x] + more, [y], options, kind, 1 if code == B.DEPTH_TO_SPACE else 2)
    return m, dt, sh, x, y
@newer
def SPACE_TO_DEPTH(r): return moved(r, B.SPACE_TO_DEPTH, S.SpaceToDepthOptionsT(), O.SpaceToDepthOptions)
@newer
def DEPTH_TO_SPACE(r): return moved(r, B.DEPTH_TO_SPACE, S.DepthToSpaceOptionsT(), O.DepthToSpaceOptions)
@newer
def MIRROR_PAD(r): return moved(r, B.MIRROR_PAD, S.MirrorPadOptionsT(), O.MirrorPadOptions)
@newer
def SPACE_TO_BATCH_ND(r):
    """Around a convolution of one or two dimensions: a dilation."""
    m, dt, s, ci, co, flat = M(), r.c(['int8', 'uint8', 'int16']), r.scale(), r.i(1, 4), r.i(1, 4), r.c([True, False])
    z, wdt = r.zp(dt), 'uint8' if dt == 'uint8' else 'int8'
    block, k, pad = ([r.i(1, 4)], [1, r.i(1, 3)], r.i(0, 1)) if flat else ([r.i(1, 3), r.i(1, 3)], [r.i(1, 3), r.i(1, 3)], r.i(0, 1))
    small = [r.i(k[-1 - i] , k[-1 - i] + 3) for i in range(len(block))][::-1]
    before = [r.i(0, min(2, b * n - 1)) for b, n in zip(block, small)]
    after = [b * n - p - max(1, b * n - p - r.i(0, 2)) for b, n, p in zip(block, small, before)]
    sh = (1, *[b * n - p - a for b, n, p, a in zip(block, small, before, after)], ci)
    batch = int(np.prod(block))
    x = m.t(dt, sh, s, z)
    cut = m.t(dt, (batch, *small, ci), s, z)
    m.op(B.SPACE_TO_BATCH_ND, [x, m.t('int32', (len(block),), data=block), m.t('int32', (len(block), 2), data=list(zip(before, after)))], [cut], S.SpaceToBatchNDOptionsT(), O.SpaceToBatchNDOptions, 3)
    if flat:
        maps = m.t(dt, (batch, 1, *small, ci), s, z)
        m.op(B.EXPAND_DIMS, [cut, m.t('int32', (), data=1)], [maps], S.ExpandDimsOptionsT(), O.ExpandDimsOptions)
        cut, small = maps, [1] + small
    out = small if pad == 0 else [n - j + 1 for n, j in zip(small, k)]
    ws = r.scale(0.001, 0.05)
    w = m.t(wdt, (co, *k, ci), ws, r.zp('uint8') if dt == 'uint8' else 0, rnd(r, wdt, (co, *k, ci)))
    sy, zy = r.scale(0.01, 1.0), r.zp(dt)
    y = m.t(dt, (batch, *out, co), sy, zy)
    o = S.Conv2DOptionsT()
    o.padding, o.strideH, o.strideW, o.dilationHFactor, o.dilationWFactor, o.fusedActivationFunction = pad, 1, 1, 1, 1, r.c(ACT)
    m.op(B.CONV_2D, [cut, w, bias(r, m, dt, co, s * ws)], [y], o, O.Conv2DOptions, 3)
    if flat:
        maps, out = m.t(dt, (batch, *out[1:], co), sy, zy), out[1:]
        o = S.ReshapeOptionsT()
        o.newShape = np.array([batch, *out, co], np.int32)
        m.op(B.RESHAPE, [y, m.t('int32', (len(out) + 2,), data=[batch, *out, co])], [maps], o, O.ReshapeOptions)
        y = maps
    crops = [(r.i(0, min(1, b * n - 1)), 0) for b, n in zip(block, out)]
    ysh = (1, *[b * n - c[0] for b, n, c in zip(block, out, crops)], co)
    res = m.t(dt, ysh, sy, zy)
    m.op(B.BATCH_TO_SPACE_ND, [y, m.t('int32', (len(block),), data=block), m.t('int32', (len(block), 2), data=crops)], [res], S.BatchToSpaceNDOptionsT(), O.BatchToSpaceNDOptions, 3)
    return m, dt, sh, x, res
@newer
def RESIZE_BILINEAR_TWICE(r):
    m, sh, s, dt = M(), maps(r), r.scale(), r.c(['int16', 'uint8'])
    aligned, half = r.c([(False, False), (True, False), (False, True), (False, True)])
    factors = [r.c([1, 2, 4]), r.c([2, 4, 8])]
    sh = (1, max(sh[1], 1 + aligned), max(sh[2], 1 + aligned), sh[3])
    size = [(sh[i] - aligned) * factors[i-1] + aligned for i in (1, 2)]
    x, y = m.t(dt, sh, s, 0), m.t(dt, (1, *size, sh[3]), s, 0)
    o = S.ResizeBilinearOptionsT()
    o.alignCorners, o.halfPixelCenters = aligned, half
    m.op(B.RESIZE_BILINEAR, [x, m.t('int32', (2,), data=size)], [y], o, O.ResizeBilinearOptions, 4 if dt == 'int16' else 3)
    return m, dt, sh, x, y
def larger(r, code):
    m, dt, s, n = M(), r.dt(DTS), r.scale(), r.i(1, 5)
    z = r.zp(dt)
    sh = (1, n, n, r.i(1, 4))
    x, y = m.t(dt, sh, s, z), m.t(dt, sh, s, z)
    if r.c([True, False]):
        other = m.t(dt, (1,), s, z, [r.i(0, 100)])
    else:
        other = m.t(dt, sh, s, z)
        m.op(B.TRANSPOSE, [x, m.t('int32', (4,), data=[0, 2, 1, 3])], [other], S.TransposeOptionsT(), O.TransposeOptions, 4)
    m.op(code, [x, other], [y], S.MaximumMinimumOptionsT(), O.MaximumMinimumOptions, 4)
    return m, dt, sh, x, y
@newer
def MAXIMUM(r): return larger(r, B.MAXIMUM)
@newer
def MINIMUM(r): return larger(r, B.MINIMUM)
def function(r, dt, code, o=None, ot=0, version=1):
    m, sh = M(), (1, 256)
    x, y = m.t(dt, sh, r.scale(), r.zp(dt)), m.t(dt, sh, r.scale(), r.zp(dt))
    m.op(code, [x], [y], o, ot, version)
    return m, dt, sh, x, y
@newer
def GELU(r):
    o = S.GeluOptionsT()
    o.approximate = r.c([True, False])
    return function(r, r.c(['int8', 'uint8']), B.GELU, o, O.GeluOptions, 2)
@newer
def ELU(r): return function(r, 'int8', B.ELU)
@newer
def ARG_MAX(r):
    m, dt, sh, axis = M(), r.c(['int8', 'uint8']), maps(r), r.i(-4, 3)
    x, y = m.t(dt, sh, 0.1, 0), m.t('int64', [e for i, e in enumerate(sh) if i != axis % 4])
    o = S.ArgMaxOptionsT()
    o.outputType = T.INT64
    m.op(B.ARG_MAX, [x, m.t('int32', (1,), data=[axis])], [y], o, O.ArgMaxOptions, 2)
    return m, dt, sh, x, y


def every_pair():
    return [np.repeat(np.arange(256), 256).astype(np.uint8).reshape(1, 256, 1, 256)]


def write(archive, name, data):
    entry = zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data)


def main(path, count=8, seed=1):
    if LITERT:
        with zipfile.ZipFile(path, 'a') as archive:
            known = {entry.rsplit('-', 1)[0] for entry in archive.namelist()}
            for name, generate in NEWER.items():
                if name not in known: models(archive, name, generate, count, seed, False)
        return
    with zipfile.ZipFile(path, 'w') as archive:
        for wide in (False, True):
            for name, generate in GEN.items():
                if name != 'MUL_OF_EVERY_PAIR':
                    models(archive, name, generate, count, seed, wide)
                elif not wide:
                    models(archive, name, generate, 1, seed, wide)


def resolver(name):
    """There is no reference kernel of ELU."""
    return OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES if name == 'ELU' else OpResolverType.BUILTIN_REF


def runs(model, inputs, resolver):
    """Whether TFLite takes it: some checks of its kernels end the process."""
    child = os.fork()
    if child == 0:
        try:
            run(model, inputs, resolver)
            os._exit(0)
        except (RuntimeError, ValueError):
            os._exit(1)
    return os.waitpid(child, 0)[1] == 0


def models(archive, name, generate, count, seed, wide):
    done = 0
    for k in range(4 * count):
        if done == count:
            break
        rng = np.random.default_rng([seed, k, sum(map(ord, name))])
        m, dt, sh, x, y = generate(R(rng, wide))
        model = m.bytes([x], [y])
        inputs = every_pair() if name == 'MUL_OF_EVERY_PAIR' else frames(rng, dt, sh, 3)
        if not runs(model, inputs, resolver(name)):
            continue
        outputs = run(model, inputs, resolver(name))
        folder = '%s%s-%d' % (name, '_16' if wide else '', k)
        write(archive, folder + '/model.tflite', model)
        write(archive, folder + '/in.bin', b''.join(f.tobytes() for f in inputs))
        write(archive, folder + '/out.bin', b''.join(f.tobytes() for f in outputs))
        done += 1


if __name__ == '__main__':
    main(sys.argv[1], *map(int, sys.argv[2:]))
