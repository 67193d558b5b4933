"""Golden conversations: what transformers' apply_chat_template makes of them, with templates in the style of known models.

    python tools/golden/chat_templates.py --out packages/activations/test/golden/chat-templates.json
"""

import argparse
import json
import tempfile
from pathlib import Path

import jinja2
import tokenizers
import transformers

TEMPLATES = {
    "chatml": (
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
    ),
    "llama-3": (
        "{% set loop_messages = messages %}{% for message in loop_messages %}"
        "{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}"
        "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}"
        "{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
    ),
    "no system": """{{ bos_token }}
{%- if messages[0]['role'] == 'system' %}
    {{- raise_exception('System role not supported') }}
{%- endif %}
{%- for message in messages %}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}
    {%- endif %}
    {%- if message['role'] == 'user' %}
        {{- '[INST] ' + message['content'] + ' [/INST]' }}
    {%- else %}
        {{- ' ' + message['content'] + eos_token }}
    {%- endif %}
{%- endfor %}""",
    "tools and defaults": """{%- set system = "You are helpful." %}
{%- if messages[0].role == 'system' %}
    {%- set system = messages[0].content %}
    {%- set messages = messages[1:] %}
{%- endif %}
{%- if tools is not none %}
    {{- 'TOOLS' }}
{%- endif %}
<system>{{ system | trim }}</system>
{% for message in messages %}
    {%- set ns = namespace(last=loop.last) -%}
    <{{ message.role }}{% if ns.last %} last{% endif %}>{{ message.content.strip() }}</{{ message.role }}>
{% endfor %}
{%- if add_generation_prompt is defined and add_generation_prompt %}
<assistant>
{%- endif %}""",
}
CONVERSATIONS = {
    "one question": [{"role": "user", "content": "What is a film?"}],
    "with a system": [
        {"role": "system", "content": "  Be brief.\n"},
        {"role": "user", "content": "Hi"},
    ],
    "several turns": [
        {"role": "user", "content": "Was it good? <b>&\"'"},
        {"role": "assistant", "content": "Grüße, 映画 🙂\n"},
        {"role": "user", "content": " and\n\nnow? "},
    ],
    "wrong turns": [{"role": "assistant", "content": "I begin."}, {"role": "user", "content": "No."}],
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "tokenizer.json")
        tokenizers.Tokenizer(tokenizers.models.WordLevel({"a": 0}, unk_token="a")).save(path)
        tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_file=path, bos_token="<s>", eos_token="</s>")
    cases = []
    for template, source in TEMPLATES.items():
        for conversation, messages in CONVERSATIONS.items():
            for prompt in (False, True):
                case = {"template": template, "conversation": conversation, "addGenerationPrompt": prompt}
                try:
                    case["text"] = tokenizer.apply_chat_template(
                        messages, chat_template=source, tokenize=False, add_generation_prompt=prompt
                    )
                except jinja2.exceptions.TemplateError as error:
                    case["refusal"] = str(error)
                cases.append(case)
    golden = {
        "command": f"python tools/golden/chat_templates.py --out {options.out}",
        "made_with": {"transformers": transformers.__version__},
        "templates": TEMPLATES,
        "conversations": CONVERSATIONS,
    }
    lines = ["{"] + [f" {json.dumps(k)}: {json.dumps(v)}," for k, v in golden.items()] + [' "cases": [']
    lines += [",\n".join("  " + json.dumps(case) for case in cases), " ]", "}"]
    Path(options.out).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
