"""Problems of chats, e-mails and tickets."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interactions.problems.explanation import Explanation, said

PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {
        "row_without_conversation": said(
            "这一行没有会话编号",
            "请补上会话编号；它决定这条消息属于哪个会话",
            "this row has no conversation id",
            "fill it in: it says which chat the message belongs to",
        ),
        "same_id_twice": said(
            "编号“{value}”在文件里出现两次，内容不同",
            "请确认哪一条是对的，或给它们不同的编号",
            "the id {value} stands for two different records in this file",
            "keep the right one, or give them different ids",
        ),
        "no_messages": said(
            "没有任何文字内容",
            "请检查导出是否包含消息正文",
            "there is no text in it",
            "check that the export holds the messages' text",
        ),
        "unknown_role": said(
            "不知道“{role}”是坐席、客户还是系统",
            "请在聊天设置的 roles 里写明",
            "it is unknown whether {role!r} is agent, customer or system",
            "say so under roles in the chat settings",
        ),
    }
)
