"""Failures of the model itself: its architecture, file and format, its context, and how it is split over GPUs."""

from __future__ import annotations

from .wording import Message, only, said

NAME = r"(?<![^\s'\"])(?P<model>[^\s'\"]{1,200})"  # tried where a word begins, not at each of its letters
SPACE = r"[^\n]{0,200}?"

MODEL: dict[str, tuple[Message, ...]] = {
    "unknown_architecture": (
        Message("unknown model architecture", r"unknown model architecture: ?'(?P<architecture>[^'\n]{1,80})'"),
        Message(
            "unsupported model architecture", r"unsupported model architecture:? ?'?(?P<architecture>[\w\-]{1,80})?"
        ),
        Message(
            "are not supported for now",
            r"Model architectures? \[?'?(?P<architecture>[^'\]\n]{1,80})'?\]? are not supported for now",
        ),
        Message("has no vLLM implementation", r"(?P<architecture>\w{1,80}) has no vLLM implementation"),
        Message(
            "configuration_auto.py",
            r"configuration_auto\.py[^\n]{0,200}\n[^\n]{0,200}(?:raise "
            r"KeyError\(key\)|CONFIG_MAPPING)[^\n]{0,60}\n[^\n]{0,200}"
            r"KeyError: '(?P<architecture>[\w\-]{1,60})'",
        ),
        Message(
            "failed to be inspected",
            r"Model architectures? \['(?P<architecture>[^'\n]{1,80})'\] failed to be inspected",
        ),
        Message(
            "GGUF model with architecture",
            r"GGUF model with architecture (?P<architecture>[\w\-]{1,60}) is not supported",
        ),
        Message("is not a registered model", r"'?(?P<architecture>\w{1,80})'? is not a registered model"),
        Message("unknown projector type", r"unknown projector type: ?'?(?P<architecture>[\w\-]{1,60})"),
        Message(
            "Unrecognized configuration class",
            r"Unrecognized configuration class <class '[\w.]{0,160}?(?P<architecture>\w{1,80})'>",
        ),
        Message("Unrecognized model in", r"Unrecognized model in (?P<architecture>[^\s]{1,160})\. Should have a"),
        Message("unsupported architecture", r"Error: unsupported architecture ?\"?(?P<architecture>[\w\-]{0,80})"),
        Message(
            "Unknown architecture",
            r"Unknown (?:gguf )?(?:model_type|architecture):? "
            r"'?(?P<architecture>[\w\-]{1,60})",
        ),
        Message("has no SGl", r"(?P<architecture>\w{1,80}) has no SGl[Aa]ng implementation"),
        Message("Unsupported architectures", r"Unsupported architectures: (?P<architecture>[^\n.]{1,80})", alone=False),
        Message(
            "does not recognize this architecture",
            r"model type `(?P<architecture>[^`\n]{1,80})` but Transformers does not recognize this architecture",
        ),
    ),
    "unknown_tokenizer": (
        Message("unknown pre-tokenizer", r"unknown pre-tokenizer type: '(?P<tokenizer>[^'\n]{1,80})'"),
        Message(
            "Tokenizer class", r"Tokenizer class (?P<tokenizer>\w{1,80}) does not exist or is not currently imported"
        ),
        only("untagged enum ModelWrapper"),
        only("Couldn't instantiate the backend tokenizer"),
        only("cannot find tokenizer vocab in model file"),
        Message("unknown tokenizer", r"unknown tokenizer: '(?P<tokenizer>[^'\n]{1,80})'"),
    ),
    "wrong_tensor_shape": (
        Message(
            "has wrong shape",
            r"tensor '(?P<tensor>[^'\n]{1,120})' has wrong shape(?:; expected (?P<expected>[^;\n]{1,80}?), got "
            r"(?P<got>[^;\n]{1,80}))?",
        ),
        Message("Tried to load weights of size", r"Tried to load weights of size [^\n]{1,60} to a parameter of size"),
        Message("exceeds dimension size", r"start \(\d{1,9}\) \+ length \(\d{1,9}\) exceeds dimension size"),
        Message("Attempted to load weight", r"Attempted to load weight \([^\n]{1,80}\) into parameter"),
        Message("loaded_weight.shape", r"assert param\S{0,20}\.(?:shape|size\(\)) == loaded_weight\.shape"),
        Message("size mismatch for", r"size mismatch for (?P<tensor>[\w.]{1,120})", alone=False),
    ),
    "missing_tensor": (
        Message(
            "wrong number of tensors",
            r"wrong number of tensors; expected (?P<expected>\d{1,9}), got "
            r"(?P<got>\d{1,9})",
        ),
        Message("is missing from model", r"tensor '(?P<tensor>[^'\n]{1,120})' is missing from model"),
        Message("no module or parameter named", r"no module or parameter named '(?P<tensor>[^'\n]{1,120})'"),
        Message("missing tensor", r"missing tensor '(?P<tensor>[^'\n]{1,120})'"),
        Message(
            "not found",
            r"(?:check_tensor_dims|error loading model): [^\n]{0,40}tensor '(?P<tensor>[^'\n]{1,120})' not found",
        ),
        Message(
            "weights were not initialized",
            r"weights were not initialized from checkpoint: \{'(?P<tensor>[^'\n]{1,120})'",
        ),
    ),
    "unknown_tensor_type": (
        Message("invalid ggml type", r"has invalid ggml type (?P<type>[\w() ]{1,30})"),
        Message("unsupported ggml type", r"unsupported ggml type:? (?P<type>[\w() ]{1,30})"),
        Message("Unknown tensor type", r"[Uu]nknown (?:quantized )?tensor type:? (?P<type>[\w() ]{1,30})"),
    ),
    "corrupt_file": (
        only("data is not within the file bounds, model is corrupted or incomplete"),
        only("invalid magic characters", alone=False),
        only("invalid magic number", alone=False),
        only("bad magic", alone=False),
        Message("magic", r"unknown \(magic, version\) combination: (?P<message>[\w, ]{1,60})"),
        Message("end of file", r"error loading model: [^\n]{0,80}unexpectedly reached end of file"),
        Message("failed to read", r"gguf_init\w{0,20}: failed to read (?P<message>[^\n]{1,80})"),
        Message("tensor data", r"gguf_init\w{0,20}: failed to (?P<message>[^\n]{0,30}tensor[^\n]{1,80})"),
        only("digest mismatch", alone=False),
        Message("GGUFv1 is no longer supported", r"GGUFv1 is no longer supported"),
        only("UnpicklingError: invalid load key"),
        Message("invalid file magic", r"Error: invalid file magic"),
        Message(
            "tensors expected but",
            r"corrupted model: (?P<expected>\d{1,9}) tensors expected but (?P<got>\d{1,9}) found",
        ),
        Message(
            "invalid split",
            r"error loading model: (?P<message>[^\n]{0,60}(?:invalid split|illegal "
            r"split)[^\n]{0,80})",
        ),
        Message("failed to load GGUF split", r"failed to load GGUF split from (?P<model>[^\n]{1,160})"),
        Message("Error while deserializing header", r"Error while deserializing header: (?P<message>[^\n]{1,80})"),
        Message(
            "is not within the file bounds", r"tensor '(?P<tensor>[^'\n]{1,120})' data is not within the file bounds"
        ),
        Message(
            "SafetensorError", r"SafetensorError: [^\n]{0,80}(?:HeaderTooLarge|MetadataIncompleteBuffer|InvalidHeader)"
        ),
    ),
    "context_too_long": (
        Message(
            "is greater than the derived max_model_len",
            rf"max_model_len \((?P<context>\d{{1,12}})\) is greater than the derived max_model_len "
            rf"\({SPACE}[= ](?P<largest_context>\d{{1,12}})",
        ),
    ),
    "missing_metadata": (Message("key not found in model", r"key not found in model: (?P<key>[\w.\-]{1,100})"),),
    "v_cache_needs_flash_attention": (
        only("V cache quantization requires flash_attn"),
        only("quantized V cache was requested, but this requires Flash Attention"),
        Message("requires flash", r"(?:quantized|V cache)[^\n]{0,40} requires (?:Flash Attention|flash_attn)"),
    ),
    "engine_too_old": (
        Message("requires a newer version of Ollama", r"requires a newer version of Ollama"),
        said("requires a newer version of", alone=True),
        Message(
            "only supports up to version",
            r"GGUF file is version \d{1,3} but this software only supports up to "
            r"version",
        ),
    ),
    "unsupported_dtype": (
        Message(
            "is not supported for quantization method",
            r"(?P<dtype>torch\.\w{1,20}) is not supported for quantization method (?P<quantization>[\w\-]{1,40})",
        ),
        Message(
            "not supported in this architecture", r"type (?P<dtype>fp8\w{1,12}) not supported in this architecture"
        ),
        Message(
            "is only supported on GPUs with compute",
            r"(?P<dtype>[Bb]float16) is only supported on GPUs with compute capability of at least "
            r"(?P<needed>\d{1,2}\.\d)",
        ),
    ),
    "unsupported_quantization": (
        Message(
            "is not supported for the current GPU",
            r"quantization method (?P<quantization>\S{1,40}) is not supported for the current GPU",
        ),
        Message(
            "Quantization scheme is not supported for",
            r"Quantization scheme is not supported for[^\n]{0,40}current GPU[^\n]{0,12}Min capability: "
            r"(?P<needed>\d{1,3})"
            r"[^\n]{0,12}Current capability: (?P<capability>\d{1,3})",
        ),
        Message("Unknown quantization method", r"Unknown quantization method: ?(?P<quantization>[\w\-]{1,40})"),
        Message(
            "quantization with TP or PP", r"(?P<quantization>\w{1,40}) quantization with TP or PP is not supported"
        ),
        Message(
            "hasn't supported tensor parallelism",
            r"(?P<quantization>\w{1,40}) quantization hasn't supported tensor parallelism",
        ),
        Message(
            "models with tensor parallelism",
            r"Prequant (?P<quantization>\w{1,40}) models with tensor parallelism is not supported",
        ),
        Message(
            "No compressed-tensors compatible scheme",
            r"No (?P<quantization>compressed-tensors) compatible scheme was found",
        ),
        Message(
            "can implement the",
            r"Failed to find a kernel that can implement the (?P<quantization>\w{1,30}) linear layer",
        ),
        Message("quantization is", r"(?P<quantization>[\w\-]{2,30}) quantization is (?:currently )?not supported"),
        Message("Invalid quantization", r"Invalid quantization(?: method)?:? (?P<quantization>[\w\-]{1,40})"),
        Message(
            "uantiz",
            r"Error: (?P<message>[^\n]{0,80}(?:not supported|does not "
            r"support|[Uu]nsupported)[^\n]{0,40}quantiz[^\n]{0,100})",
            alone=False,
        ),
    ),
    "quantization_mismatch": (
        Message(
            "does not match the quantization",
            r"specified in the model config \((?P<config>[\w\-]{1,40})\) does not match the quantization method "
            r"specified in "
            r"the `quantization` argument \((?P<argument>[\w\-]{1,40})\)",
        ),
    ),
    "parallel_size": (
        Message(
            "must be divisible by tensor parallel size",
            r"attention heads \((?P<heads>\d{1,6})\) must be divisible by tensor parallel size "
            r"\((?P<tensor_parallel_size>\d{1,6})\)",
        ),
        only("This can be caused by too large tensor parallel size", alone=False),
        Message(
            "must be divisible by",
            r"Error: (?P<message>[^\n]{1,120}?(?:experts|heads|layers|size)[^\n]{0,60} must be divisible by "
            r"[^\n]{1,80})",
            False,
        ),
        Message(
            "is not divisible by",
            r"(?:Error|error):? (?P<message>[^\n]{1,120}? is not divisible by [^\n]{1,120})",
            False,
        ),
    ),
    "model_not_found": (
        Message("is not a local folder", rf"'?{NAME}'? is not a local folder and is not a valid model identifier"),
        Message("Repository Not Found for url", r"Repository Not Found for url: (?P<model>\S{1,200}?)\.?\s"),
        only("RepositoryNotFoundError"),
        Message("Invalid repository ID", rf"Invalid repository ID or local directory specified: ?'{NAME}'"),
        Message("file named config.json", rf"{NAME} does not appear to have a file named config\.json"),
        Message("Can't load the configuration of", rf"Can't load the configuration of '{NAME}'"),
        Message(
            "failed to open",
            r"(?:gguf_init_from_file\w{0,10}|llama_model_load\w{0,20}|llama_load_model_from_file): "
            r"[^\n]{0,60}?failed to open "
            r"(?:GGUF file )?'?(?P<model>[^'\n]{1,200}?)(?:'| \(|: |$)",
        ),
        Message(
            "failed to open",
            r"error loading model: (?:llama_model_loader: )?failed to open (?P<model>[^\n:]{1,200}): No such file",
        ),
        Message("failed to load model from", r"llama_model_loader: failed to load model from (?P<model>[^\n:]{1,200})"),
        Message("Model path does not exist", r"Model path does not exist: (?P<model>[^\n]{1,200})"),
        Message("Cannot find any model weights", r"Cannot find any model weights with `(?P<model>[^`\n]{1,200})`"),
        Message("http status code received", r"invalid http status code received: 404"),
        Message(
            "Error no file named", r"Error no file named [^\n]{1,200}? found in directory (?P<model>\S{1,200}?)\.?\s"
        ),
        Message("error from HF API", r"error from HF API(?: \([^\n)]{1,200}\))?, response code: 404"),
        Message("no GGUF files found", r"no GGUF files found in repository (?P<model>\S{1,160})"),
        Message(
            "failed to open",
            r"(?:failed to open|cannot open|unable to open)(?: model)?(?: file)?:? "
            r"['\"]?(?P<model>[^'\"\n]{1,200}?\.(?:gguf|bin|ggml))\b",
            False,
        ),
        Message("No such file or directory", r"(?P<model>[^\s'\"]{1,200}\.gguf)['\"]?:? \(?No such file or directory"),
        Message("Repo id must", r"HFValidationError: [^\n]{0,120}?'(?P<model>[^'\n]{1,200})'"),
        Message("config.json", r"No such file or directory: '(?P<model>[^'\n]{1,200})/config\.json'"),
        Message(
            "404 Client Error",
            r"404 Client Error[^\n]{0,60} for url: https?://[\w.\-]{1,60}/(?P<model>[\w.\-]{1,80}/[\w.\-]{1,100})",
        ),
        only("pull model manifest: file does not exist"),
        Message("not found", rf"Error: model ['\"]?{NAME}['\"]? not found"),
        Message("try pulling it first", rf"model ['\"]?{NAME}['\"]? not found, try pulling it first"),
    ),
}
