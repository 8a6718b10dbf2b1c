"""`jusuo-desktop`: with no words the window, with words the same acts without one. Exit status 0 done, 1 refused with a sentence,
2 wrong usage, 70 a bug of ours (a crash report without personal data says where). Nothing heavy is imported before a word needs it.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from jusuo_desktop.words.answer import DONE, INTERRUPTED, OUR_BUG, REFUSED, say, speak_utf8
from jusuo_desktop.words.usage import WordParser

if TYPE_CHECKING:
    from jusuo_desktop.words.answer import Answer

WORDS: Final = "jusuo_desktop.words"
STANDINGS: Final = ("unsent", "refused", "conflict", "held")


def main(words: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    speak_utf8()
    args = _parser().parse_args(words)
    from jusuo_desktop.store.refusal import Refused

    try:
        if args.act is None:
            return _window(args)
        return say(_act(args.act)(args), as_json=args.json)
    except Refused as refused:
        _refuse(refused.message, as_json=args.json)
        return REFUSED
    except KeyboardInterrupt:
        sys.stderr.write("已中断；已经保存的都还在。\n")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has read enough: `list … | head`
        return DONE
    except Exception as error:
        return _broken(error, as_json=args.json)


def _refuse(sentence: str, *, as_json: bool) -> None:
    sys.stderr.write(f"{sentence}\n")
    if as_json:
        import json

        sys.stdout.write(json.dumps({"refused": sentence}, ensure_ascii=False) + "\n")


def _broken(error: Exception, *, as_json: bool) -> int:
    from jusuo_desktop.actions.crash_report import crash_report

    if os.environ.get("JUSUO_DEBUG"):
        raise error
    path = crash_report(error)
    where = f"错误报告（不含任何个人信息）在 {path}，请发给维护人员。" if path else ""
    _refuse(f"程序出了错（{type(error).__name__}），不是您的操作有误；已经保存的都还在。{where}", as_json=as_json)
    return OUR_BUG


def _act(name: str) -> Callable[[argparse.Namespace], Answer]:
    module, _, function = name.partition(":")
    act: Callable[[argparse.Namespace], Answer] = getattr(importlib.import_module(module), function)
    return act


def _window(args: argparse.Namespace) -> int:
    from jusuo_desktop.app import main as window

    return window([*(["--store", args.store] if args.store else []), *(["--sample"] if args.sample else [])])


def _parser() -> argparse.ArgumentParser:
    parser = WordParser(
        prog="jusuo-desktop",
        description="司法所业务桌面程序。不带命令则打开窗口。",
        epilog="退出状态：0 完成，1 被拒绝（说明原因），2 用法有误，70 程序自身出错。口令取自终端或环境变量 JUSUO_PASSPHRASE。",
    )
    parser.add_argument("--sample", action="store_true", help="用演示司法所的数据打开窗口")
    _common(parser, None, False)
    acts = parser.add_subparsers(metavar="命令")
    parser.set_defaults(act=None)

    def word(name: str, what: str, function: str) -> argparse.ArgumentParser:
        one = acts.add_parser(name, help=what, description=what)
        _common(one, argparse.SUPPRESS, argparse.SUPPRESS)
        one.set_defaults(act=function if "." in function.partition(":")[0] else f"{WORDS}.{function}")
        return one

    _declare_keeping(word)
    _declare_work(word)
    return parser


def _common(parser: argparse.ArgumentParser, nothing: Any, no: Any) -> None:
    parser.add_argument("--store", metavar="DIR", default=nothing, help="数据文件夹；不写则用本用户的默认文件夹")
    parser.add_argument("--user", metavar="NAME", default=nothing, help="用户姓名；只有一个用户时可以不写")
    parser.add_argument("--json", action="store_true", default=no, help="以 JSON 回答")


def _declare_keeping(word: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    init = word("init", "建立一个司法所的数据", "keeping:init")
    init.add_argument("--office", help="司法所名称")
    init.add_argument("--office-code", help="司法所区划代码，9位")
    init.add_argument("--county", help="所属县（市、区）")
    init.add_argument("--short-name", help="简称，用在文号里")
    init.add_argument("--user-name", help="第一个用户的姓名")
    init.add_argument("--role", choices=("clerk", "director"), default="clerk", help="第一个用户的角色：内勤或所长")
    init.add_argument("--village", nargs=2, action="append", default=[], metavar=("CODE", "NAME"), help="村（社区）的12位代码和名称，可重复")
    init.add_argument("--committee", action="append", default=[], metavar="NAME", help="人民调解委员会名称，可重复")
    init.add_argument("--recovery-sheet", metavar="FILE", help="把恢复密钥存成一张可打印的 PDF；打印封存后请删掉这个文件")
    sample = word("sample", "建立示例司法所，供熟悉程序用", "keeping:sample")
    sample.add_argument("--mediations", type=_count, default=860, help="多少件调解，默认860（一个所一年的量）")
    word("verify", "检查数据是否完整、有无改动", "keeping:verify")
    backup = word("backup", "备份并核对", "keeping:backup")
    backup.add_argument("--to", metavar="DIR", help="备份到哪里，例如U盘；不写则放在数据文件夹里")
    restore = word("restore", "从备份恢复；不写备份则列出现有的备份", "keeping:restore")
    restore.add_argument("backup", nargs="?", metavar="BACKUP", help="备份的文件夹")
    join = word("enroll", "在县服务器注册本机", "county:join")
    join.add_argument("url", metavar="URL", help="县服务器的地址，如 https://10.1.2.3:8443")
    join.add_argument("code", metavar="CODE", help="县局发的一次性注册码")
    join.add_argument("--device-name", default="", help="这台设备叫什么；不写则用计算机名")
    word("sync", "与县服务器同步一次", "county:sync")
    away = word("bundle-export", "把要上报的内容导出成加密文件，用U盘带到县里", "county:bundle_export")
    away.add_argument("folder", metavar="DIR", help="存在哪里，例如U盘")
    away.add_argument("--receipt", metavar="FILE", help="把交接单存成 PDF")
    back = word("bundle-import", "导入县里的回执文件", "county:bundle_import")
    back.add_argument("file", metavar="FILE", help="县里导入后给出的 .jusuo 文件")
    opening = word("release", "因太久没有联系而锁定时解锁；不写解锁码则显示设备编号和挑战码", "county:release_lock")
    opening.add_argument("code", nargs="?", default="", metavar="CODE", help="县局或所长给的解锁码")
    demo = word("demo", "在一个文件夹里从头做一遍全部工作，留下表格、画面和数字", "jusuo_desktop.demo.word:demo")
    demo.add_argument("--out", required=True, metavar="DIR", help="结果放在哪里")
    demo.add_argument("--no-pictures", action="store_true", help="不拍窗口的画面")
    demo.add_argument("--cases", type=int, default=10, help="办几个案例（从排查到归档，附卷宗），默认十个")
    demo.add_argument("--mediations", type=_count, default=120, help="演示司法所有多少件调解，默认120")


def _declare_work(word: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    ledger = word("import", "导入 Excel 台账", "ledgers:import_ledger")
    ledger.add_argument("kind", metavar="KIND", help="台账登记的是什么，如 mediation（人民调解）")
    ledger.add_argument("file", metavar="FILE", help=".xls 或 .xlsx 文件")
    ledger.add_argument("--dry-run", action="store_true", help="只检查，不写入")
    ledger.add_argument("--rejected", metavar="FILE", help="把退回的行连同原因存成 .xlsx，改好后可以再导入")
    listing = word("list", "列出一类记录", "looking:list_records")
    listing.add_argument("kind", metavar="KIND", help="哪一类，如 mediation（人民调解）")
    listing.add_argument("--text", help="只列含有这些内容的")
    listing.add_argument("--limit", type=_count, default=50, help="最多列几条，默认50")
    listing.add_argument("--voided", action="store_true", help="作废的也列出")
    listing.add_argument("--standing", choices=STANDINGS, help="只列未上报的、被退回的、有分歧的或者暂缓的")
    where = word("where", "记录报到哪里了：各有多少条；加 --out 把每条记录的情况和回执号存成表格", "where:whereabouts")
    where.add_argument("--standing", choices=STANDINGS, help="只要未上报的、被退回的、有分歧的或者暂缓的")
    where.add_argument("--out", metavar="FILE", help="存成哪个 .xlsx 文件")
    show = word("show", "显示一条记录", "looking:show_record")
    show.add_argument("id", metavar="ID", help="记录的 ID 或完整的编号")
    show.add_argument("--full", action="store_true", help="身份证号全部显示（查看会记入操作记录）")
    search = word("search", "查找", "looking:search")
    search.add_argument("text", metavar="TEXT", help="姓名、拼音首字母、电话或身份证号的一段、编号、内容")
    search.add_argument("--limit", type=_count, default=50, help="最多列几条，默认50")
    paper = word("print", "把表格存成 PDF", "papers:print_form")
    paper.add_argument("form", metavar="FORM", help="表格名，如 mediation_agreement")
    what = paper.add_mutually_exclusive_group(required=True)
    what.add_argument("--record", metavar="ID", help="用这条记录来填")
    what.add_argument("--blank", action="store_true", help="空白表")
    paper.add_argument("--out", required=True, metavar="FILE", help="存成哪个文件")
    paper.add_argument("--values-only", action="store_true", help="只印填写的内容（套打）")
    volume = word("volume", "卷宗缺什么；装订成一本存成 PDF", "papers:volume")
    volume.add_argument("record", metavar="ID", help="案件的 ID 或完整的编号")
    volume.add_argument("--out", metavar="FILE", help="装订好存成这个文件")


def _count(said: str) -> int:
    number = int(said)
    if number < 1:
        raise argparse.ArgumentTypeError("应为大于0的整数")
    return number


if __name__ == "__main__":
    raise SystemExit(main())
