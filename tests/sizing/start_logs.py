"""Start-up logs in the engines' own formats, of invented models and figures."""

# ruff: noqa: E501 (lines as engines print them)

VLLM = """\
(APIServer pid=11) INFO 05-02 09:00:00 [utils.py:253] vLLM API server version 0.14.1
(APIServer pid=11) INFO 05-02 09:00:00 [utils.py:253] non-default args: {'model_tag': 'acme/Llama-9B', 'model': \
'acme/Llama-9B', 'max_model_len': 16384, 'gpu_memory_utilization': 0.88, 'max_num_seqs': 12, \
'speculative_config': {'method': 'mtp', 'num_speculative_tokens': 2}}
(APIServer pid=11) INFO 05-02 09:00:02 [model.py:1500] Using max model len 16384
(APIServer pid=11) INFO 05-02 09:00:02 [scheduler.py:230] Chunked prefill is enabled with max_num_batched_tokens=4096.
(EngineCore_DP0 pid=20) INFO 05-02 09:00:09 [core.py:96] Initializing a V1 LLM engine (v0.14.1) with config: \
model='acme/Llama-9B', speculative_config=None, max_seq_len=16384, tensor_parallel_size=2, kv_cache_dtype=fp8, seed=0
(Worker_TP0 pid=21) INFO 05-02 09:01:00 [gpu_model_runner.py:3905] Model loading took 8.25 GiB memory and 9.1 seconds
(Worker_TP1 pid=22) INFO 05-02 09:01:00 [gpu_model_runner.py:3905] Model loading took 8.31 GiB memory and 9.4 seconds
(Worker_TP0 pid=21) INFO 05-02 09:01:20 [gpu_worker.py:358] Available KV cache memory: 10.50 GiB
(Worker_TP1 pid=22) INFO 05-02 09:01:20 [gpu_worker.py:358] Available KV cache memory: 10.42 GiB
(EngineCore_DP0 pid=20) INFO 05-02 09:01:20 [kv_cache_utils.py:1305] GPU KV cache size: 170,720 tokens
(EngineCore_DP0 pid=20) INFO 05-02 09:01:20 [kv_cache_utils.py:1310] Maximum concurrency for 16,384 tokens per request: 10.42x
(Worker_TP0 pid=21) INFO 05-02 09:01:30 [gpu_model_runner.py:4856] Graph capturing finished in 5 secs, took 0.61 GiB
(APIServer pid=11) INFO:     Application startup complete.
"""
VLLM_V0 = """\
INFO 02-03 10:00:00 llm_engine.py:234] Initializing an LLM engine (v0.6.6.post1) with config: \
model='acme/Bear-7B', max_seq_len=8192, tensor_parallel_size=1, enforce_eager=False, kv_cache_dtype=auto
INFO 02-03 10:00:20 model_runner.py:1099] Loading model weights took 13.5021 GB
INFO 02-03 10:00:22 worker.py:241] the current vLLM instance can use total_gpu_memory (23.58GiB) x \
gpu_memory_utilization (0.90) = 21.22GiB
INFO 02-03 10:00:22 worker.py:241] model weights take 13.50GiB; non_torch_memory takes 0.11GiB; PyTorch activation \
peak memory takes 1.20GiB; the rest of the memory reserved for KV Cache is 6.41GiB.
INFO 02-03 10:00:22 gpu_executor.py:76] # GPU blocks: 3282, # CPU blocks: 2048
INFO 02-03 10:00:22 gpu_executor.py:80] Maximum concurrency for 8192 tokens per request: 6.41x
INFO 02-03 10:00:25 model_runner.py:1415] Capturing cudagraphs for decoding. If out-of-memory error occurs during \
cudagraph capture, consider decreasing `gpu_memory_utilization` or switching to eager mode.
INFO 02-03 10:00:40 model_runner.py:1535] Graph capturing finished in 15 secs, took 0.31 GiB
"""
SGLANG = """\
[2025-11-01 10:00:00] server_args=ServerArgs(model_path='acme/Owl-30B', tokenizer_path='acme/Owl-30B', \
context_length=32768, kv_cache_dtype='auto', mem_fraction_static=0.85, max_running_requests=None, \
chunked_prefill_size=8192, page_size=1, tp_size=2, speculative_algorithm='EAGLE3', cuda_graph_max_bs=16)
[2025-11-01 10:00:30 TP0] Load weight end. type=OwlForCausalLM, dtype=torch.bfloat16, avail mem=50.20 GB, \
mem usage=28.50 GB.
[2025-11-01 10:00:31 TP1] Load weight end. type=OwlForCausalLM, dtype=torch.bfloat16, avail mem=50.10 GB, \
mem usage=28.61 GB.
[2025-11-01 10:00:32 TP0] KV Cache is allocated. #tokens: 240000, K size: 11.00 GB, V size: 11.00 GB
[2025-11-01 10:00:32 TP1] KV Cache is allocated. #tokens: 240000, K size: 11.00 GB, V size: 11.00 GB
[2025-11-01 10:00:32 TP0] Memory pool end. avail mem=27.10 GB
[2025-11-01 10:00:32 TP1] Memory pool end. avail mem=27.00 GB
[2025-11-01 10:00:33 TP0] Capture cuda graph begin. This can take up to several minutes. avail mem=26.90 GB
[2025-11-01 10:00:40 TP0] Capture cuda graph end. Time elapsed: 7.01 s. mem usage=0.92 GB. avail mem=25.98 GB.
[2025-11-01 10:00:40 TP1] Capture cuda graph end. Time elapsed: 7.03 s. mem usage=0.95 GB. avail mem=25.90 GB.
[2025-11-01 10:00:41 TP0] Load weight end. type=OwlEagle3, dtype=torch.bfloat16, avail mem=25.00 GB, mem usage=0.90 GB.
[2025-11-01 10:00:41 TP0] KV Cache is allocated. #tokens: 240000, K size: 0.40 GB, V size: 0.40 GB
[2025-11-01 10:00:42 TP0] max_total_num_tokens=240000, chunked_prefill_size=8192, max_prefill_tokens=16384, \
max_running_requests=2048, context_len=32768, available_gpu_mem=24.10 GB
[2025-11-01 10:00:45] The server is fired up and ready to roll!
"""
SGLANG_OLD = """\
[2024-12-13 01:44:50 TP0] Load weight begin. avail mem=23.50 GB
[2024-12-13 01:44:59 TP0] Load weight end. type=OwlForCausalLM, dtype=torch.bfloat16, avail mem=9.50 GB
[2024-12-13 01:44:59 TP0] Memory pool end. avail mem=2.44 GB
[2024-12-13 01:45:01 TP0] Capture cuda graph end. Time elapsed: 2.19 s
[2024-12-13 01:45:02 TP0] max_total_num_tokens=56000, max_prefill_tokens=16384, max_running_requests=2049, context_len=32768
"""
SGLANG_NEW = """\
[2026-08-02 11:00:00] server_args={'model_path': 'acme/Owl-9B', 'context_length': 65536, 'tp_size': 1, \
'mem_fraction_static': 0.8, 'speculative_algorithm': None}
[2026-08-02 11:00:30] Load weight end. elapsed=20.1 s, type=Owl, quant=fp8, avail mem=50.20 GB, mem usage=9.70 GB.
[2026-08-02 11:00:31] KV Cache is allocated. dtype: torch.bfloat16, #tokens: 8000, K size: 1.50 GB, V size: 1.50 GB
[2026-08-02 11:00:31] KV Cache is allocated. dtype: torch.bfloat16, #tokens: 10000, K size: 0.50 GB, V size: 0.50 GB
[2026-08-02 11:00:31] Memory pool end. avail mem=27.10 GB
[2026-08-02 11:00:40] Capture target decode CUDA graph end. elapsed=7.4 s, mem usage=1.10 GB, avail mem=25.98 GB.
[2026-08-02 11:00:40] Capture draft decode CUDA graph end. elapsed=1.4 s, mem usage=0.30 GB, avail mem=25.68 GB.
"""
LLAMA = """\
build: 6123 (abcdef12) with cc (Ubuntu 13.3.0) for x86_64-linux-gnu
main: loading model
srv    load_model: loading model '/models/Fox-12B-Q4_K_M.gguf'
llama_model_loader: loaded meta data with 30 key-value pairs and 400 tensors from /models/Fox-12B-Q4_K_M.gguf (version GGUF V3 (latest))
llama_model_loader: - kv   2:                               general.name str              = Fox 12B
llama_model_loader: - type q4_K:  300 tensors
print_info: n_ctx_train      = 131072
load_tensors: offloaded 41/41 layers to GPU
load_tensors:   CPU_Mapped model buffer size =   512.00 MiB
load_tensors:        CUDA0 model buffer size =  4096.00 MiB
load_tensors:        CUDA1 model buffer size =  3072.00 MiB
llama_context: constructing llama_context
llama_context: n_seq_max     = 4
llama_context: n_ctx         = 16384
llama_context: n_ctx_per_seq = 4096
llama_context: n_batch       = 2048
llama_context: n_ubatch      = 512
llama_context: flash_attn    = auto
llama_context: kv_unified    = false
llama_kv_cache_unified_iswa: creating non-SWA KV cache, size = 16384 cells
llama_kv_cache_unified:      CUDA0 KV buffer size =   128.00 MiB
llama_kv_cache_unified:      CUDA1 KV buffer size =   128.00 MiB
llama_kv_cache_unified: size =  256.00 MiB ( 16384 cells,   8 layers,  4/4 seqs), K (q8_0):  128.00 MiB, V (q8_0):  128.00 MiB
llama_kv_cache_unified_iswa: creating     SWA KV cache, size = 1024 cells
llama_kv_cache_unified:      CUDA0 KV buffer size =    64.00 MiB
llama_kv_cache_unified: size =   64.00 MiB (  1024 cells,  32 layers,  4/4 seqs), K (q8_0):   32.00 MiB, V (q8_0):   32.00 MiB
llama_context: Flash Attention was auto, set to enabled
llama_context:      CUDA0 compute buffer size =   300.50 MiB
llama_context:      CUDA1 compute buffer size =   410.25 MiB
llama_context:  CUDA_Host compute buffer size =   900.00 MiB
alloc_compute_meta:      CUDA0 compute buffer size =  2000.00 MiB
main: server is listening on http://127.0.0.1:8080 - starting the main loop
"""
LLAMA_OLD = """\
main: build = 2345 (0a1b2c3d)
llama_model_loader: - kv   1:                               general.name str              = elk-7b
llm_load_tensors: offloaded 33/33 layers to GPU
llm_load_tensors:        CPU buffer size =   102.40 MiB
llm_load_tensors:      CUDA0 buffer size =  4096.00 MiB
llama_new_context_with_model: n_ctx      = 4096
llama_kv_cache_init:      CUDA0 KV buffer size =   512.00 MiB
llama_new_context_with_model: KV self size  =  512.00 MiB, K (f16):  256.00 MiB, V (f16):  256.00 MiB
llama_new_context_with_model:      CUDA0 compute buffer size =   164.00 MiB
llama_new_context_with_model:        CPU compute buffer size =    12.00 MiB
"""
LLAMA_METAL = """\
load_tensors: Metal_Mapped model buffer size =  8192.00 MiB
load_tensors:   CPU_Mapped model buffer size =   512.00 MiB
llama_context: n_ctx         = 8192
llama_kv_cache:      Metal KV buffer size =  1024.00 MiB
llama_context:      Metal compute buffer size =   280.00 MiB
llama_context:        CPU compute buffer size =   400.00 MiB
"""
IK_LLAMA = """\
main: build = 3900 (1234abcd)
llama_model_loader: - type iq4_k:  100 tensors
llm_load_print_meta: general.name     = Yak 100B
llm_load_tensors:        CPU buffer size = 51200.00 MiB
llm_load_tensors:      CUDA0 buffer size = 10240.00 MiB
llama_init_from_model: n_ctx         = 32768
llama_init_from_model: n_ubatch      = 1024
llama_init_from_model: flash_attn    = 1
llama_init_from_model: mla_attn      = 3
llama_init_from_model: attn_max_b    = 512
llama_init_from_model: fused_moe     = 1
llama_kv_cache_init:      CUDA0 KV buffer size =  1100.00 MiB
llama_init_from_model: KV self size  = 1100.00 MiB, c^KV (q8_0): 1100.00 MiB, kv^T: not used
llama_init_from_model:      CUDA0 compute buffer size =  2100.00 MiB
"""
OLLAMA = """\
time=2025-10-01T10:00:00.000Z level=INFO source=routes.go:1400 msg="Listening on 127.0.0.1:11434 (version 0.12.3)"
time=2025-10-01T10:00:01.000Z level=INFO source=server.go:399 msg="starting runner" cmd="/usr/bin/ollama runner \
--ollama-engine --model /root-of/blobs/sha256-0123 --port 40000"
time=2025-10-01T10:00:01.500Z level=INFO source=runner.go:1251 msg="starting ollama engine"
time=2025-10-01T10:00:02.000Z level=INFO source=runner.go:1172 msg=load request="{Operation:commit LoraPath:[] \
Parallel:2 BatchSize:512 FlashAttention:true KvSize:8192 KvCacheType:q8_0 NumThreads:8 \
GPULayers:30[ID:GPU-1 Layers:30(0..29)] MultiUserCache:false}"
time=2025-10-01T10:00:02.100Z level=INFO source=ggml.go:131 msg="" architecture=lynx file_type=Q4_K_M name="Lynx 8B" \
description="" num_tensors=300 num_key_values=30
time=2025-10-01T10:00:03.000Z level=INFO source=ggml.go:492 msg="offloaded 30/33 layers to GPU"
time=2025-10-01T10:00:03.000Z level=INFO source=device.go:240 msg="model weights" device=CUDA0 size="4.0 GiB"
time=2025-10-01T10:00:03.000Z level=INFO source=device.go:245 msg="model weights" device=CPU size="512.0 MiB"
time=2025-10-01T10:00:03.000Z level=INFO source=device.go:251 msg="kv cache" device=CUDA0 size="768.0 MiB"
time=2025-10-01T10:00:03.000Z level=INFO source=device.go:256 msg="kv cache" device=CPU size="256.0 MiB"
time=2025-10-01T10:00:03.000Z level=INFO source=device.go:262 msg="compute graph" device=CUDA0 size="130.5 MiB"
time=2025-10-01T10:00:03.000Z level=INFO source=device.go:267 msg="compute graph" device=CPU size="500.0 MiB"
time=2025-10-01T10:00:03.000Z level=INFO source=device.go:272 msg="total memory" size="6.1 GiB"
"""
OLLAMA_OLD = """\
time=2024-11-01T10:00:01.000Z level=INFO source=memory.go:346 msg="offload to cuda" layers.requested=-1 \
layers.model=33 layers.offload=20 layers.split="" memory.available="[5.0 GiB]" memory.required.full="7.0 GiB" \
memory.required.partial="4.9 GiB" memory.required.kv="1.0 GiB" memory.required.allocations="[4.9 GiB]" \
memory.weights.total="4.5 GiB" memory.weights.repeating="4.0 GiB" memory.graph.full="560.0 MiB" \
memory.graph.partial="677.5 MiB"
time=2024-11-01T10:00:01.010Z level=INFO source=server.go:380 msg="starting llama server" cmd="/usr/bin/ollama_runner \
--model /blobs/sha256-0123 --ctx-size 8192 --batch-size 512 --n-gpu-layers 20 --threads 8 --parallel 4 --port 4000"
time=2024-11-01T10:00:02.000Z level=INFO source=runner.go:883 msg="starting go runner"
"""
OLLAMA_RUNNER = (
    OLLAMA_OLD
    + """\
llama_model_loader: - kv   2:                               general.name str              = Lynx 8B
load_tensors: offloaded 20/33 layers to GPU
load_tensors:   CPU_Mapped model buffer size =  1800.00 MiB
load_tensors:        CUDA0 model buffer size =  2867.20 MiB
llama_init_from_model: n_ctx         = 8192
llama_kv_cache_init: kv_size = 8192, offload = 1, type_k = 'f16', type_v = 'f16', n_layer = 32, can_shift = 1
llama_kv_cache_init:      CUDA0 KV buffer size =   640.00 MiB
llama_kv_cache_init:        CPU KV buffer size =   384.00 MiB
llama_init_from_model: KV self size  = 1024.00 MiB, K (f16):  512.00 MiB, V (f16):  512.00 MiB
llama_init_from_model:      CUDA0 compute buffer size =   669.48 MiB
"""
)

TORCH_OOM = (
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 512.00 MiB. GPU 1 has a total capacity of 23.58 GiB of "
    "which 100.00 MiB is free. Including non-PyTorch memory, this process has 23.40 GiB memory in use."
)
TRACE = "ERROR 05-02 09:01:20 [core.py:708] "
FAILURES = [
    ("vllm", "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`.",
     "no_cache_blocks", {}),
    ("vllm", "ValueError: To serve at least one request with the models's max seq len (40960), (5.62 GiB KV cache is needed,"
     " which is larger than the available KV cache memory (3.10 GiB). Based on the available memory, the estimated maximum "
     "model length is 22560. Try increasing", "kv_cache_too_small",
     {"context": 40_960, "needed_gib": 5.62, "available_gib": 3.1, "largest_context": 22_560}),
    ("vllm", "ValueError: The model's max seq len (32768) is larger than the maximum number of tokens that can be stored in "
     "KV cache (12000). Try increasing", "kv_cache_too_small", {"context": 32_768, "largest_context": 12_000}),
    ("vllm", "ValueError: Free memory on device cuda:0 (10.50/23.58 GiB) on startup is less than desired GPU memory "
     "utilization (0.9, 21.22 GiB). Decrease GPU memory", "free_memory_below_request",
     {"free_gib": 10.5, "total_gib": 23.58, "gpu_memory_utilization": 0.9, "asked_gib": 21.22}),
    ("vllm", "RuntimeError: CUDA error: no kernel image is available for execution on the device", "no_kernel_image", {}),
    ("vllm", "vllm: error: unrecognized arguments: --num-scheduler-steps 8", "unknown_argument",
     {"flag": "--num-scheduler-steps"}),
    ("vllm", "TypeError: EngineArgs.__init__() got an unexpected keyword argument 'swap_disk'", "unknown_argument",
     {"flag": "swap_disk"}),
    ("vllm", "ValueError: Model architectures ['LynxForCausalLM'] are not supported for now. Supported architectures: []",
     "unknown_architecture", {"architecture": "LynxForCausalLM"}),
    ("vllm", "RuntimeError: NCCL error: unhandled system error (run with NCCL_DEBUG=INFO for details)", "nccl_error",
     {"message": "unhandled system error"}),
    ("vllm", "OSError: You are trying to access a gated repo.\nMake sure to have access to it", "gated", {}),
    ("vllm", "OSError: acme/nothing is not a local folder and is not a valid model identifier listed on 'https://hf'",
     "model_not_found", {"model": "acme/nothing"}),
    ("vllm", "OSError: [Errno 98] Address already in use", "port_in_use", {}),
    ("vllm", TORCH_OOM, "out_of_memory",
     {"backend": "CUDA", "asked_mib": 512.0, "device": 1, "total_gib": 23.58, "free_gib": 0.0977}),
    ("vllm", "ValueError: Total number of attention heads (40) must be divisible by tensor parallel size (3).",
     "parallel_size", {"heads": 40, "tensor_parallel_size": 3}),
    ("vllm", "KeyError: 'layers.0.mlp'", "python_exception", {"exception": "KeyError", "message": "'layers.0.mlp'"}),
    ("sglang", "RuntimeError: Not enough memory. Please try to increase --mem-fraction-static. Current value: "
     "mem_fraction_static=0.7", "negative_pool", {"mem_fraction_static": 0.7}),
    ("sglang", "Exception: Capture cuda graph failed: CUDA out of memory. Tried to allocate 2.00 GiB.", "out_of_memory",
     {"backend": "CUDA", "allocation": "graph_capture"}),
    ("sglang", "launch_server.py: error: unrecognized arguments: --enable-magic", "unknown_argument",
     {"flag": "--enable-magic"}),
    ("sglang", "ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 30000): address already in use",
     "port_in_use", {"port": 30_000}),
    ("llama", "llama_model_load: error loading model: error loading model architecture: unknown model architecture: 'lynx'",
     "unknown_architecture", {"architecture": "lynx"}),
    ("llama", "llama_model_load: error loading model: check_tensor_dims: tensor 'blk.0.attn_q.weight' has wrong shape; "
     "expected  4096,  4096, got  4096,  8192,     1,     1", "wrong_tensor_shape", {"tensor": "blk.0.attn_q.weight"}),
    ("llama", "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 9000.00 MiB on device 1: cudaMalloc failed: out of "
     "memory\nggml_gallocr_reserve_n: failed to allocate CUDA1 buffer of size 9437184000", "out_of_memory",
     {"backend": "CUDA", "allocation": "compute_buffer", "device": 1, "asked_mib": 9000.0}),
    ("llama", "ggml_backend_cuda_buffer_type_alloc_buffer: allocating 700.00 MiB on device 0: cudaMalloc failed: out of "
     "memory\nllama_kv_cache_init: failed to allocate buffer for kv cache", "out_of_memory",
     {"allocation": "kv_cache", "asked_mib": 700.0}),
    ("llama", "load_tensors: x\nggml_backend_cuda_buffer_type_alloc_buffer: allocating 8000.00 MiB on device 0: cudaMalloc "
     "failed: out of memory\nllama_model_load: error loading model: unable to allocate CUDA0 buffer", "out_of_memory",
     {"allocation": "weights", "asked_mib": 8000.0}),
    ("llama", "ggml_metal_graph_compute: command buffer 0 failed with status 5\nerror: Insufficient Memory "
     "(00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)", "out_of_memory", {"backend": "Metal"}),
    ("llama", "ROCm error: out of memory\nhipMalloc failed: out of memory", "out_of_memory", {"backend": "HIP"}),
    ("llama", "error: invalid argument: --flash-attention-max", "unknown_argument", {"flag": "--flash-attention-max"}),
    ("llama", "gguf_init_from_file: failed to open GGUF file '/m/none.gguf' (No such file or directory)", "model_not_found",
     {"model": "/m/none.gguf"}),
    ("llama", "srv start: couldn't bind HTTP server socket, hostname: 127.0.0.1, port: 8080", "port_in_use", {"port": 8080}),
    ("ollama", "Error: model requires more system memory (12.5 GiB) than is available (7.1 GiB)", "out_of_memory",
     {"backend": "system", "allocation": "system", "asked_mib": 12_800.0, "free_gib": 7.1}),
    ("ollama", "Error: listen tcp 127.0.0.1:11434: bind: address already in use", "port_in_use", {"port": 11_434}),
    ("ollama", "Error: llama runner process has terminated: signal: killed", "process_killed", {}),
    ("vllm", "ValueError: To serve at least one request with the model's max seq len (8192),\n9.5 GiB KV cache is needed, which"
     " is larger than the available KV cache memory (3.0 GiB).\nBased on the available memory, the estimated maximum model "
     "length is 2560.", "kv_cache_too_small", {"context": 8192, "needed_gib": 9.5, "largest_context": 2560}),
    ("vllm", "ValueError: max_num_seqs (256) exceeds available Mamba cache blocks (90).", "mamba_cache_too_small",
     {"max_num_seqs": 256, "blocks": 90}),
    ("vllm", "AssertionError: local_world_size (8) must be less than or equal to the number of visible devices (4).",
     "too_few_gpus", {"asked": 8, "visible": 4}),
    ("vllm", "ValueError: The number of required GPUs exceeds the total number of available GPUs in the placement group.",
     "too_few_gpus", {}),
    ("vllm", "RuntimeError: CUDA error: invalid device ordinal", "too_few_gpus", {}),
    ("vllm", "RuntimeError: ('Quantization scheme is not supported for ', 'the current GPU. Min capability: 80. ', 'Current "
     "capability: 75.')", "unsupported_quantization", {"needed": 80, "capability": 75}),
    ("vllm", "ValueError: Quantization method specified in the model config (fp8) does not match the quantization method "
     "specified in the `quantization` argument (awq).", "quantization_mismatch", {"config": "fp8", "argument": "awq"}),
    ("vllm", "ValueError: The input size is not aligned with the quantized weight shape. This can be caused by too large "
     "tensor parallel size.", "parallel_size", {}),
    ("vllm", "RuntimeError: FlashInfer requires GPUs with sm75 or higher", "unsupported_gpu", {}),
    ("vllm", "ValueError: No valid attention backend found for cuda with x", "attention_backend", {}),
    ("vllm", "triton.runtime.errors.OutOfResources: out of resource: shared memory, Required: 131072, Hardware limit: 101376.",
     "kernel_shared_memory", {"required": 131_072, "limit": 101_376}),
    ("vllm", "RuntimeError: Failed to infer device type", "no_gpu", {}),
    ("vllm", "RuntimeError: The NVIDIA driver on your system is too old (found version 11040).", "driver_too_old", {}),
    ("vllm", "RuntimeError: CUDA driver initialization failed, you might not have a CUDA gpu.", "cuda_init_failed", {}),
    ("vllm", "ValueError: The repository for acme/odd contains custom code which must be executed to correctly load the "
     "model.", "trust_remote_code", {"model": "acme/odd"}),
    ("vllm", "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://hub.example/acme/shut/resolve/x",
     "gated", {"model": "acme/shut"}),
    ("vllm", "OSError: We couldn't connect to 'https://hub.example' to load this file", "hub_unreachable", {}),
    ("vllm", "RuntimeError: unable to write to file </torch_12_34>: No space left on device (28)", "shared_memory", {}),
    ("vllm", "OSError: [Errno 28] No space left on device", "disk_full", {}),
    ("vllm", "ModuleNotFoundError: No module named 'flash_owl'", "missing_package", {"package": "flash_owl"}),
    ("vllm", "ImportError: /x/_C.abi3.so: undefined symbol: _ZN3c105Error", "broken_install", {}),
    ("vllm", "RuntimeError: Failed to find C compiler. Please specify via CC environment variable.", "missing_compiler", {}),
    ("vllm", "RuntimeError: Cannot re-initialize CUDA in forked subprocess. To use CUDA with multiprocessing", "spawn_guard", {}),
    ("vllm", "PermissionError: [Errno 13] Permission denied: '/cache/hub'", "permission_denied", {"path": "/cache/hub"}),
    ("vllm", "RuntimeError: [gloo] Gloo connectFullMesh failed with timeout", "node_unreachable", {}),
    ("vllm", "torch.distributed.DistStoreError: Timed out after 601 seconds waiting for clients. 1/2 clients joined.",
     "load_timeout", {}),
    ("vllm", "vllm: error: the following arguments are required: model_tag", "invalid_argument", {"flag": "model_tag"}),
    ("vllm", "pydantic_core.ValidationError: 1 validation error for ModelConfig\n  Value error, no such dtype [type=value]",
     "invalid_argument", {"config": "ModelConfig", "message": "no such dtype"}),
    ("vllm", "User-specified max_model_len (4096) is greater than the derived max_model_len (max_position_embeddings=2048 or x",
     "context_too_long", {"context": 4096, "largest_context": 2048}),
    ("vllm", "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0.", "unsupported_dtype",
     {"dtype": "Bfloat16", "needed": 8.0}),
    ("vllm", "AssertionError: Error in memory profiling. Initial free memory 1", "profile_disturbed", {}),
    ("vllm", "RuntimeError: CUDA error: an illegal memory access was encountered", "cuda_error",
     {"message": "an illegal memory access was encountered"}),
    ("vllm", "RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}",
     "cause_not_shown", {}),
    ("vllm", TRACE + "Traceback (most recent call last):\n" + TRACE + "  File \"x.py\", line 1", "cause_not_shown", {}),
    ("sglang", "ValueError: The memory capacity is unbalanced. Some GPUs may be occupied", "unbalanced_gpus", {}),
    ("sglang", "Exception: owl-kernel with minimum required version 0.2 is not installed.", "missing_package",
     {"package": "owl-kernel", "needed": 0.2}),
    ("sglang", "[2025-11-01 10:00:00] Received sigquit from a child process. It usually means the child failed.",
     "cause_not_shown", {}),
    ("llama", "gguf_init_from_file_impl: tensor 'blk.1.ffn' has invalid ggml type 42 (NONE)\ngguf_init_from_file_impl: failed "
     "to read tensor info", "unknown_tensor_type", {"type": "42 (NONE)"}),
    ("llama", "gguf_init_from_file: invalid magic characters: 'abcd', expected 'GGUF'", "corrupt_file", {}),
    ("llama", "llama_model_load: error loading model: check_tensor_dims: tensor 'blk.0.x' not found", "missing_tensor",
     {"tensor": "blk.0.x"}),
    ("llama", "llama_model_load: error loading model: error loading model hyperparameters: key not found in model: lynx.rope",
     "missing_metadata", {"key": "lynx.rope"}),
    ("llama", "llama_model_load: error loading model: error loading model vocabulary: unknown pre-tokenizer type: 'lynx'",
     "unknown_tokenizer", {"tokenizer": "lynx"}),
    ("llama", "llama_init_from_model: V cache quantization requires flash_attn", "v_cache_needs_flash_attention", {}),
    ("llama", "llama_model_load: error loading model: something odd", "load_failed", {"message": "something odd"}),
    ("llama", "ggml.c:12: GGML_ASSERT(a == b) failed", "assertion_failed", {"message": "a == b"}),
    ("llama", "terminate called after throwing an instance of 'vk::DeviceLostError'", "device_lost", {}),
    ("llama", "Segmentation fault (core dumped)", "crashed", {}),
    ("llama", "ggml_vulkan: Device memory allocation of size 104857600 failed.\nggml_vulkan: ErrorOutOfDeviceMemory",
     "out_of_memory", {"backend": "Vulkan", "asked_mib": 100.0}),
    ("ollama", "Error: timed out waiting for llama runner to start: ", "load_timeout", {}),
    ("ollama", "Error: pull model manifest: 412: x requires a newer version of Ollama.", "engine_too_old", {}),
    ("ollama", "Error: could not connect to ollama app, is it running?", "server_not_running", {}),
    ("ollama", "Error: 500 Internal Server Error: llama-server process has terminated: exit status 2", "load_failed",
     {"message": "exit status 2"}),
]  # fmt: skip
BEGINNING = {
    "vllm": "INFO 05-02 09:00:00 [api_server.py:1] vLLM API server version 0.14.1\n",
    "sglang": "[2025-11-01 10:00:00] server_args=ServerArgs(model_path='acme/Owl-30B', mem_fraction_static=0.7)\n",
    "llama": "llama_model_loader: loaded meta data with 30 key-value pairs\n",
    "ollama": "time=2025-10-01T10:00:00.000Z level=INFO source=routes.go:1400 msg=\"Listening\"\n",
}  # fmt: skip
