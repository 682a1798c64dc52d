"""What a start-up log of vLLM, SGLang, llama.cpp (and ik_llama.cpp) or Ollama says, and nothing beyond that."""

from .reader import Reading, read_log

__all__ = ["Reading", "read_log"]
