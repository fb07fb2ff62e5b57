"""The names under which exports keep each thing, in Chinese and English: one list for all readers.

Names are compared without case, width, spaces and marks: ``Start Time``, ``start_time`` and
``start-time`` are one. Earlier names in a list are taken before later ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

Names = Mapping[str, tuple[str, ...]]
"""What we call a thing → what exports call it."""


def _names(table: str) -> Names:
    rows = (line.split(":", 1) for line in table.strip().splitlines())
    return MappingProxyType(
        {
            field.strip(): tuple(dict.fromkeys([key_of(field), *map(key_of, names.split(","))]))
            for field, names in rows
        }
    )


@lru_cache(maxsize=4096)
def key_of(name: str) -> str:
    """Return a column's name as it is compared: letters and digits only, folded."""
    folded = unicodedata.normalize("NFKC", name).lower()
    return "".join(char for char in folded if char.isalnum())


ABOUT: Names = _names("""
interaction_id: call_id,contact_id,conversation_id,session_id,chat_id,ticket_id,通话ID,会话ID,\
对话ID,通话流水号,录音流水号,流水号,呼叫ID,会话编号,对话编号,工单号,工单编号,留言编号,邮件编号,uuid,id,编号
started_at: start_time,call_start_time,start,call_time,datetime,date_time,begin_time,created_at,\
create_time,timestamp,time,开始时间,通话开始时间,会话开始时间,通话时间,呼叫时间,来电时间,录音时间,\
创建时间,提交时间,留言时间,日期时间,时间
date: call_date,day,通话日期,日期
timezone: time_zone,tz,时区
channel: medium,media,渠道,服务渠道,媒体类型,来源渠道
language: lang,language_code,语言,语种
agent: agent_id,agent_name,operator,坐席,座席,坐席工号,座席工号,工号,坐席ID,客服工号,客服ID,客服,\
客服姓名,坐席姓名,接待客服,员工号,受理人
team: group,agent_group,department,班组,团队,小组,组别,部门
queue: skill,skill_group,queue_name,队列,技能组,技能队列,排队队列
customer: customer_id,customer_phone,caller,caller_id,client_id,user_id,uid,phone,from,user,buyer,\
客户,客户ID,客户编号,客户号码,主叫,主叫号码,来电号码,手机号,会员ID,会员号,用户,用户ID,留言用户,\
顾客,买家,访客ID,发件人
product: product_name,business,产品,产品名称,商品,商品名称,产品线,业务,业务类型
""")
"""What a manifest, sidecar, file name or record may say about an interaction."""

FILES: Names = _names("""
file: filename,file_name,file_path,path,recording,recording_file,audio,audio_file,wav,文件,文件名,\
文件路径,录音,录音文件,录音文件名,录音路径,音频,音频文件
agent_file: agent_recording,agent_audio,坐席文件,坐席录音,坐席录音文件,客服文件,客服录音
customer_file: customer_recording,customer_audio,caller_file,客户文件,客户录音,客户录音文件
agent_track: agent_channel,agent_side,坐席声道,座席声道,客服声道
transcript: transcript_file,transcription,转写,转写文件,转写结果,文本文件
""")
"""What a manifest says about where the sound and the words are."""

MESSAGE: Names = _names("""
conversation: conversation_id,interaction_id,session_id,chat_id,contact_id,dialogue_id,dialog_id,\
thread_id,ticket_id,case_id,会话ID,会话编号,对话ID,对话编号,会话,会话号,聊天ID,工单号,工单编号,流水号
role: party,sender_type,sender_role,participant_role,participant,speaker,sender,from_role,author,\
author_type,角色,发送方,发送方角色,发送者,发送人,发送人类型,发言人,发言方,说话人,消息方
text: content,message,message_text,body,msg,utterance,description,内容,消息,消息内容,聊天内容,\
发言内容,正文,邮件正文,文本,留言详情,留言内容,投诉内容,诉求内容,工单内容,问题描述,描述
sent_at: message_time,send_time,sent_time,timestamp,time,datetime,date_time,created_at,create_time,\
ts,发送时间,消息时间,发言时间,留言时间,日期时间,时间
title: subject,标题,主题,邮件主题,留言主题,工单标题
reply: answer,response,agent_reply,回复,回复内容,答复,答复意见,答复内容,处理结果
replied_at: reply_time,answered_at,response_time,回复时间,答复时间,处理时间
messages: turns,dialogue,dialog,utterances,chat,conversation,log,消息列表,消息,对话,聊天记录,\
对话内容,会话内容
""")
"""What a chat, e-mail or ticket export holds."""


def recognised(
    header: Sequence[str], names: Names, *, own: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return which of the header's columns is which of ours: our name → the column's name.

    Args:
        header: The columns' names.
        names: One of the tables above.
        own: The centre's own names: column → our name. They are taken first.
    """
    by_key: dict[str, str] = {}
    for column in header:
        by_key.setdefault(key_of(column), column)
    wanted = {key_of(column): field for column, field in (own or {}).items()}
    found = {
        field: by_key[key] for key, field in wanted.items() if key in by_key and field in names
    }
    for field, known in names.items():
        if field not in found:
            free = (key for key in known if key in by_key and key not in wanted)
            first = next(free, None)
            if first is not None:
                found[field] = by_key[first]
    return found
