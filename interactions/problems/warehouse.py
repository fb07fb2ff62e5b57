"""Problems of the warehouse and its spool."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from interactions.problems.explanation import Explanation, said

PROBLEMS: Mapping[str, Explanation] = MappingProxyType(
    {
        "warehouse_missing": said(
            "数据仓库还不存在",
            "请先运行一次 `tingjian run`",
            "there is no warehouse yet",
            "run `tingjian run` first",
        ),
        "warehouse_busy": said(
            "另一个进程正在使用数据仓库（进程号 {pid}，{program}）",
            "请等它结束或将其关闭后再试；只想查看时，可以复制该文件后打开副本",
            "another process has the warehouse open (PID {pid}, {program})",
            "wait until it ends or close it, then try again; to look only, open a copy of the file",
        ),
        "warehouse_open_here": said(
            "本进程已经以另一种方式打开了数据仓库",
            "请先关闭，再以新的方式打开",
            "this process has the warehouse open already, in another mode",
            "close it before opening it in the new mode",
        ),
        "warehouse_newer": said(
            "数据仓库由更新版本的听检建立（结构 {found}，本版本为 {newest}）",
            "请升级听检",
            "the warehouse was made by a newer version (schema {found}, this version has {newest})",
            "upgrade tingjian",
        ),
        "warehouse_older": said(
            "数据仓库的结构 {found} 比本版本的 {newest} 旧",
            "请先运行一次 `tingjian run`，结构会自动升级",
            "the warehouse has schema {found}, this version needs {newest}",
            "run `tingjian run` once: it brings the warehouse up to date",
        ),
        "warehouse_foreign": said(
            "这个文件不是 DuckDB 数据库",
            "请换一个文件名，或移走该文件；数据仓库可以由 spool 文件夹重建",
            "the file is not a DuckDB database",
            "name another file, or move this one away: the warehouse can be rebuilt from the spool",
        ),
        "warehouse_closed": said(
            "数据仓库无法打开（{error}）",
            "请检查文件夹是否存在、是否有权限；文件损坏时可由 spool 文件夹重建",
            "the warehouse cannot be opened ({error})",
            "check that the folder exists and may be written; a damaged file can be rebuilt from "
            "the spool",
        ),
        "key_missing": said(
            "这个中心已加密，但没有提供密钥",
            "请把环境变量 {file} 设为密钥文件的路径，或将 {key} 设为密钥本身",
            "this centre is encrypted and no key was given",
            "set {file} in the environment to the path of the key's file, or {key} to the key",
        ),
        "key_wrong": said(
            "提供的密钥打不开这个中心",
            "请使用加密时（或最近一次更换时）的密钥",
            "the key that was given does not open this centre",
            "give the one that it was encrypted with, or changed to last",
        ),
        "key_unfit": said(
            "这里不是密钥：密钥是 32 个字节的 Base64",
            "请用 `tingjian privacy new-key FILE` 生成一个",
            "this is no key: a key is 32 bytes in Base64",
            "make one with `tingjian privacy new-key FILE`",
        ),
        "key_file_open": said(
            "别人也能读这个密钥文件（权限 {mode}）",
            "请执行 `chmod 600`，只留给运行听检的账号",
            "others may read the file of the key (mode {mode})",
            "run `chmod 600` on it, so that the account that runs tingjian alone may",
        ),
        "key_file_closed": said(
            "密钥文件读不了（{error}）",
            "请检查路径和权限，或用 `tingjian privacy new-key FILE` 生成一个",
            "the file of the key cannot be read ({error})",
            "check its path and rights, or make one with `tingjian privacy new-key FILE`",
        ),
        "key_file_there": said(
            "这个文件已经存在，没有覆盖",
            "请换一个文件名：被覆盖的密钥无法恢复",
            "the file is there already; it was not overwritten",
            "name another one: a key that is overwritten is lost",
        ),
        "keys_gone": said(
            "{about} 是加密的，但没有它的密钥",
            "请从备份中恢复这个文件夹的 keys.json：没有它，加密的内容无法读取",
            "{about} is encrypted, and its key is not here",
            "put this folder's keys.json back from a backup: without it nothing can be read",
        ),
        "keys_damaged": said(
            "这个文件不是完整的 keys.json（{error}）",
            "请从备份中恢复它：没有它，加密的内容无法读取",
            "the file is no whole keys.json ({error})",
            "put it back from a backup: without it nothing that is encrypted can be read",
        ),
        "cipher_missing": said(
            "DuckDB {version} 写加密文件需要扩展 httpfs（OpenSSL），这里没有",
            "请安装与 DuckDB 同版本的 `duckdb-extension-httpfs`（`tingjian[encryption]`）",
            "DuckDB {version} needs its extension httpfs (OpenSSL) to write encrypted files, and "
            "it is not here",
            "install `duckdb-extension-httpfs` of DuckDB's own version (`tingjian[encryption]`)",
        ),
        "corrupt_shard": said(
            "分片文件 {file} 已损坏或缺失（{error}），未写入数据仓库",
            "请将文件夹 {folder} 移出 spool，下次运行会重新生成",
            "the shard's file {file} is damaged or missing ({error}); it was not committed",
            "move the folder {folder} out of the spool: the next run does its work again",
        ),
        "unfit_shard": said(
            "分片的内容不符合本版本的数据仓库（{error}），未写入",
            "请升级听检；如果仍然如此，请将该分片移出 spool，下次运行会重新生成",
            "the shard does not fit this version's warehouse ({error}); it was not committed",
            "upgrade tingjian; if that does not help, move the shard out of the spool: the next "
            "run does its work again",
        ),
    }
)
