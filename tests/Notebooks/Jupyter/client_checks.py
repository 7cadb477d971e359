"""Checks the DeviceId kernel with Jupyter's own clients (Debian: python3-jupyter-client, python3-nbclient).

Called by JupyterKernelTests with the name of one check. Exit code 0 and no output, or exit code 1 and the failure.
"""
import errno
import json
import os
import queue
import signal
import socket
import sys
import time

from jupyter_client import BlockingKernelClient
from jupyter_client.manager import KernelManager

KERNEL = "deviceid"
# Timeout in seconds for operations that take one or two on an idle machine.
PATIENCE = 120
LIBRARY = os.environ["DEVICEID_BIN"]

# Tests in the background of a script ignore SIGINT, and the kernel would inherit that. Jupyter's servers set a handler, which ends it.
signal.signal(signal.SIGINT, signal.default_int_handler)


class Session:
    """A running kernel with a client."""

    def __init__(self, folder="."):
        self.manager = KernelManager(kernel_name=KERNEL)
        self.manager.start_kernel(cwd=folder)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)

    def send(self, code, **options):
        return self.client.execute(code, **options)

    def collect(self, message_id, timeout=PATIENCE, until=None):
        """Reply and published messages of a request. `until` is called with each message."""
        published = []
        end = time.time() + timeout
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=max(0.1, end - time.time()))
            except queue.Empty:
                received = [(m["msg_type"], m["content"]) for m in published]
                raise AssertionError(f"no end after {timeout} s; received: {received}") from None
            if message["parent_header"].get("msg_id") != message_id:
                continue
            published.append(message)
            if until:
                until(message)
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                break
        while True:
            reply = self.client.get_shell_msg(timeout=max(0.1, end - time.time()))
            if reply["parent_header"].get("msg_id") == message_id:
                return reply["content"], published

    def run(self, code, **options):
        return self.collect(self.send(code, **options))


def of(published, kind):
    return [m["content"] for m in published if m["msg_type"] == kind]


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def cells_share_state_and_show_results_streams_and_displays():
    with Session() as s:
        reply, published = s.run('var a = 20;\nConsole.WriteLine("out");\nConsole.Error.WriteLine("err");\n2 * a + 1')
        check(reply["status"] == "ok" and reply["execution_count"] == 1, reply)
        kinds = [m["msg_type"] for m in published]
        check(kinds[0] == "status" and kinds[1] == "execute_input" and kinds[-1] == "status", kinds)
        check({m["name"]: m["text"] for m in of(published, "stream")} == {"stdout": "out\n", "stderr": "err\n"}, published)
        check("41" in of(published, "execute_result")[0]["data"]["text/html"], published)
        _, published = s.run('var d = KernelInvocationContext.Current.Display("<b>start</b>", "text/html");\nd.Update("<b>" + a + "</b>");')
        first, update = of(published, "display_data")[0], of(published, "update_display_data")[0]
        check(first["transient"]["display_id"] == update["transient"]["display_id"], published)
        check(update["data"]["text/html"] == "<b>20</b>", update)


def an_error_has_a_traceback_and_stops_what_is_queued():
    with Session() as s:
        s.run("var kept = 7;")
        bad, never = s.send("int Zero() => 0;\nvar x = 1 / Zero();"), s.send('Console.WriteLine("never");')
        reply, published = s.collect(bad)
        check(reply["status"] == "error" and reply["ename"] == "DivideByZeroException", reply)
        check("cell 2, line 2" in of(published, "error")[0]["traceback"][0], published)
        reply, published = s.collect(never)
        check(reply["status"] == "aborted" and not of(published, "stream"), (reply, published))
        reply, published = s.run("kept")
        check(reply["status"] == "ok" and "7" in of(published, "execute_result")[0]["data"]["text/html"], published)
        reply, published = s.run("int b = nothing;")
        check(reply["ename"] == "CompilationError" and "CS0103" in reply["evalue"], reply)


def an_interrupt_stops_a_training_loop_and_keeps_the_state():
    with Session() as s:
        reply, _ = s.run(SETUP + "var kept = 7;")
        check(reply["status"] == "ok", reply)
        seen = []

        def stop(message):
            if message["msg_type"] == "update_display_data" and not seen:
                seen.append(time.time())
                s.manager.interrupt_kernel()

        message_id = s.send(
            "var progress = new LiveProgress();\n"
            "for (var step = 1; step <= 100000; step++)\n{\n"
            "    torch.randn(50, 50).mm(torch.randn(50, 50));\n    Thread.Sleep(10);\n"
            '    progress.Report(new WorkProgress("training", step, 100000));\n}')
        reply, _ = s.collect(message_id, until=stop)
        check(reply["status"] == "error" and reply["ename"] == "Interrupted", reply)
        check(time.time() - seen[0] < 10, f"took {time.time() - seen[0]:.1f} s")
        reply, published = s.run("kept + torch.ones(3).sum().item<float>()")
        check(reply["status"] == "ok" and "10" in of(published, "execute_result")[0]["data"]["text/html"], published)


def an_interrupt_aborts_a_cell_that_checks_no_token():
    with Session() as s:
        s.run("using System.Threading;\nvar kept = 7;\nvar turns = 0L;")
        for code, by_signal in (
            ("while (true) turns++;", False), ("Thread.Sleep(1000000);", False), ("await Task.Delay(1000000);", False),
            ("while (true) turns++;", True),
        ):
            def stop(message):
                # Only when the cell runs: on a busy machine its compilation may take seconds.
                if message["msg_type"] == "stream" and "begun" in message["content"]["text"]:
                    s.manager.signal_kernel(signal.SIGINT) if by_signal else s.manager.interrupt_kernel()

            reply, _ = s.collect(s.send(f'Console.WriteLine("begun");\n{code}'), until=stop)
            check(reply["status"] == "error" and reply["ename"] == "Interrupted", (code, by_signal, reply))
            reply, published = s.run("kept")
            check("7" in of(published, "execute_result")[0]["data"]["text/html"], published)


def completion_inspection_and_completeness_know_earlier_cells():
    with Session() as s:
        s.run("using System.Globalization;\nvar recordings = new List<string>();")
        text = "/* \U0001F399 */ recordings.Ad"
        reply = s.client.complete(text, len(text), reply=True, timeout=PATIENCE)["content"]
        check("Add" in reply["matches"] and "AddRange" in reply["matches"], reply)
        check(text[reply["cursor_start"]:reply["cursor_end"]] == "Ad", reply)
        reply = s.client.complete("CultureIn", 9, reply=True, timeout=PATIENCE)["content"]
        check("CultureInfo" in reply["matches"], reply)
        reply = s.client.inspect("recordings.Count", 14, reply=True, timeout=PATIENCE)["content"]
        check(reply["found"] and "int List<string>.Count" in reply["data"]["text/plain"], reply)
        reply = s.client.inspect("   ", 1, reply=True, timeout=PATIENCE)["content"]
        check(not reply["found"], reply)
        for code, state in (
            ("var x = 1;", "complete"), ("for (;;) {", "incomplete"), ("var = ;", "invalid"),
            ('#!import "setup.dib"\nvar y = 1;', "complete"), ('var s = """\n  a', "incomplete"), ('var s = $"""\n  {1}', "incomplete"),
            ('var s = """\n  a\n  """;', "complete"), ('var s = @"a', "incomplete"), ("/* a", "incomplete"),
        ):
            s.client.is_complete(code)
            reply = s.client.get_shell_msg(timeout=PATIENCE)["content"]
            check(reply["status"] == state, (code, reply))
        reply = s.client.history(reply=True, timeout=PATIENCE)["content"]
        check(reply["history"] == [], reply)


def restart_forgets_and_shutdown_ends():
    with Session() as s:
        s.run("var a = 1;")
        s.manager.restart_kernel()
        s.client.wait_for_ready(timeout=PATIENCE)
        reply, _ = s.run("a")
        check(reply["ename"] == "CompilationError", reply)
        process = s.manager.provisioner.process
        # A cell that is still printing does not delay the shutdown.
        printing = s.send("while (true) Console.WriteLine(1);")
        message = {"parent_header": {}, "msg_type": ""}
        while (message["parent_header"].get("msg_id"), message["msg_type"]) != (printing, "stream"):
            message = s.client.get_iopub_msg(timeout=PATIENCE)
        s.client.shutdown()
        check(process.wait(timeout=PATIENCE) == 0, process.returncode)


def the_kernel_ends_when_its_parent_is_gone():
    import subprocess
    starter = subprocess.Popen(["sleep", "1000"])
    manager, kernel = start_unmanaged(starter.pid)
    try:
        # The kernel answers while its parent lives. It checks every two seconds, so a cell of three seconds includes a check.
        client = connect(manager)
        reply = client.execute("System.Threading.Thread.Sleep(3000);", reply=True, timeout=PATIENCE)["content"]
        client.stop_channels()
        check(reply["status"] == "ok" and kernel.poll() is None, "it ended too soon")
        starter.kill()
        starter.wait()
        check(kernel.wait(timeout=PATIENCE) == 0, kernel.returncode)
    finally:
        starter.kill()
        kernel.kill()
    manager.cleanup_connection_file()


def a_package_is_really_restored():
    with Session() as s:
        reply, published = s.collect(s.send('#r "nuget: MathNet.Numerics, 5.0.0"\nMathNet.Numerics.SpecialFunctions.Gamma(5)'), timeout=300)
        check(reply["status"] == "ok" and "24" in of(published, "execute_result")[0]["data"]["text/html"], (reply, published))
        reply, _ = s.collect(s.send('#r "nuget: DeviceId.There.Is.No.Such.Package, 1.0.0"'), timeout=300)
        check(reply["status"] == "error" and "DeviceId.There.Is.No.Such.Package" in reply["evalue"], reply)


def send_and_drain(raw, junk):
    """Sends the bytes, closes the sending side, and reads until the other side closes the connection."""
    try:
        raw.sendall(junk)
        raw.shutdown(socket.SHUT_WR)
        while raw.recv(4096):
            pass
    except OSError as problem:
        # The other side may have closed it already.
        if problem.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN):
            raise


def memory(process):
    with open(f"/proc/{process}/status") as status:
        return 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def nobody_else_gets_in():
    import zmq
    with Session() as s:
        info = s.manager.get_connection_info()
        check(info["ip"] == "127.0.0.1", info)
        sockets = os.popen("ss -Hltnp").read().splitlines()
        listening = [line.split()[3] for line in sockets if f"pid={s.manager.provisioner.pid}," in line]
        check(listening == [] or all(a.startswith("127.0.0.1:") for a in listening), listening)
        marker = os.path.join(os.getcwd(), "got-in")
        code = f'System.IO.File.WriteAllText("{marker}", "");'
        header = json.dumps({
            "msg_id": "1", "session": "x", "username": "x", "date": "", "msg_type": "execute_request", "version": "5.3",
        }).encode()
        content = json.dumps({"code": code, "silent": False}).encode()
        good = s.client.session.sign([header, b"{}", b"{}", content])
        other = s.client.session.sign([header, b"{}", b"{}", b"{}"])
        headers = (b"[]", b"{", b"{}", b'{"msg_type":3}', b'{"a":1,"a":2}', b"[" * 100000)
        junk_parts = [*([h, b"{}", b"{}", b"{}"] for h in headers), [b"\xff\xfe"] * 4]
        signed_junk = [[b"<IDS|MSG>", s.client.session.sign(parts)] + parts for parts in junk_parts]
        broken = [
            [b""], [b"<IDS|MSG>"], [b"<IDS|MSG>", b""], [b"<IDS|MSG>", b"0" * 64], [b"x"] * 50, [b"\x00" * (1 << 20)],
            [b"<IDS|MSG>", b"", header, b"{}", b"{}", content],
            [b"<IDS|MSG>", b"0" * 64, header, b"{}", b"{}", content],
            [b"<IDS|MSG>", other, header, b"{}", b"{}", content],
            [b"<IDS|MSG>", good[:-1], header, b"{}", b"{}", content],
            *signed_junk,
        ]
        context = zmq.Context()
        # The context waits this long (in ms) until all queued messages are sent.
        context.linger = 1000 * PATIENCE
        for port in (info["shell_port"], info["control_port"], info["stdin_port"], info["hb_port"]):
            dealer = context.socket(zmq.DEALER)
            dealer.connect(f"tcp://127.0.0.1:{port}")
            for frames in broken:
                dealer.send_multipart(frames)
            dealer.close()
        context.term()
        context = zmq.Context()
        # A frame larger than the limit for messages whose signature is not yet checked.
        before = memory(s.manager.provisioner.pid)
        dealer = context.socket(zmq.DEALER)
        dealer.linger = 0
        monitor = dealer.get_monitor_socket(zmq.EVENT_DISCONNECTED)
        dealer.connect(f"tcp://127.0.0.1:{info['shell_port']}")
        dealer.send(bytes(300 << 20))
        check(monitor.poll(1000 * PATIENCE), "a frame of 300 MB did not end the connection")
        dealer.disable_monitor()
        dealer.close(linger=0)
        check(memory(s.manager.provisioner.pid) < before + (200 << 20), "a frame of 300 MB was accepted")
        # Bytes that are not ZeroMQ.
        for port in (info[k] for k in ("shell_port", "control_port", "stdin_port", "hb_port", "iopub_port")):
            greeting = b"\xff" + b"\x00" * 8 + b"\x7f" + b"\x03\x00NULL" + b"\x00" * 48
            for junk in (
                b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", os.urandom(4096), greeting + b"\xff" * 200, b"\xff" * 10, b"\x00" * 10,
            ):
                with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as raw:
                    send_and_drain(raw, junk)
        reply, published = s.run("6 * 7")
        check(reply["status"] == "ok" and "42" in of(published, "execute_result")[0]["data"]["text/html"], (reply, published))
        check(not os.path.exists(marker), "an unsigned message was executed")
        # The same message with a correct signature does run, so the others were rejected for the right reason.
        reply, _ = s.run(code)
        check(reply["status"] == "ok" and os.path.exists(marker), reply)


def floods_arrive_whole_in_seconds_and_in_few_messages():
    with Session() as s:
        reply, published = s.run('for (var i = 0; i < 300000; i++) Console.WriteLine($"line {i} of something that prints");')
        text = "".join(m["text"] for m in of(published, "stream"))
        check(text == "".join(f"line {i} of something that prints\n" for i in range(300000)), len(text))
        check(len(of(published, "stream")) < 5000, len(of(published, "stream")))
        reply, published = s.run('for (var i = 0; i < 60000; i++) Console.Write($"\\r{i} of 60000 done");')
        text = "".join(m["text"] for m in of(published, "stream"))
        check(text == "".join(f"\r{i} of 60000 done" for i in range(60000)), len(text))
        check(len(of(published, "stream")) < 5000, len(of(published, "stream")))


def an_update_of_a_display_belongs_to_the_running_cell():
    with Session() as s:
        first = s.send('var d = display("first"); "r"')
        _, published = s.collect(first)
        shown = of(published, "display_data")[0]["transient"]["display_id"]
        second = s.send('d.Update("second"); "ok"')
        _, published = s.collect(second)
        update = of(published, "update_display_data")
        check(len(update) == 1 and update[0]["transient"]["display_id"] == shown, published)
        check("second" in update[0]["data"]["text/plain"], update)
    # The same by the clients that execute whole notebooks.
    run = execute(['var d = display("first"); "r"', 'd.Update("second"); "ok"'])
    check([text_of(o) for o in run.cells[0].outputs] == ["second", "r"], run.cells[0].outputs)
    try:
        from nbconvert.preprocessors import ExecutePreprocessor
    except ImportError:
        return
    import nbformat.v4 as v4
    notebook = v4.new_notebook(cells=[v4.new_code_cell(c) for c in ('var d = display("first"); "r"', 'd.Update("second"); "ok"')])
    ExecutePreprocessor(timeout=PATIENCE, kernel_name=KERNEL).preprocess(notebook, {})
    check([text_of(o) for o in notebook.cells[0].outputs] == ["second", "r"], notebook.cells[0].outputs)


def tags_of_cells_are_honoured():
    run = execute(['throw new Exception("on purpose")', 'Console.WriteLine("must not run");', 'Console.WriteLine("goes on");'],
                  [["raises-exception"], ["skip-execution"], []])
    check([[o.output_type for o in c.outputs] for c in run.cells] == [["error"], [], ["stream"]], run.cells)


def what_is_not_stored_does_not_count():
    with Session() as s:
        counts = []
        for options in ({}, {"store_history": False}, {"silent": True}, {}):
            reply, published = s.run('display("x");', **options)
            inputs = [m["execution_count"] for m in of(published, "execute_input")]
            counts.append((reply["execution_count"], inputs, len(of(published, "display_data"))))
        check(counts == [(1, [1], 1), (1, [1], 1), (1, [], 1), (2, [2], 1)], counts)
        reply, _ = s.run("\nnothing", store_history=False)
        check(reply["status"] == "error" and reply["evalue"].startswith("cell, line 2"), reply)


def a_result_that_cannot_be_shown_is_an_error_and_stops_what_is_queued():
    with Session() as s:
        s.run("var q = Enumerable.Range(0, 5).Select(i => 10 / (i - 3));")
        bad, never = s.send("q"), s.send('Console.WriteLine("never");')
        reply, published = s.collect(bad)
        check(reply["status"] == "error" and "DivideByZeroException" in "\n".join(reply["traceback"]), reply)
        check(len(of(published, "error")) == 1, published)
        reply, published = s.collect(never)
        check(reply["status"] == "aborted" and not of(published, "stream"), (reply, published))
        # Queued requests that do not ask for that are not aborted.
        bad, queued = s.send("q", stop_on_error=False), s.send('Console.WriteLine("goes on");')
        check(s.collect(bad)[0]["status"] == "error", "no error")
        check(of(s.collect(queued)[1], "stream"), "nothing was run")


# What a cell may leave behind: a thread, a process, one whose parent has ended, one that reads the input, a handler that never returns.
LEFT_BEHIND = """
new System.Threading.Thread(() => System.Threading.Thread.Sleep(-1)).Start();
var process = System.Diagnostics.Process.Start("sleep", "1000");
var shell = System.Diagnostics.Process.Start("sh", ["-c", "setsid sleep 1000 & echo $! > orphan"]);
shell.WaitForExit();
var cat = System.Diagnostics.Process.Start("cat");
cat.WaitForExit();
File.WriteAllText("left", (Console.ReadLine() == null) + " " + process.Id + " " + File.ReadAllText("orphan").Trim());
"""


def nothing_that_a_cell_leaves_behind_outlives_the_kernel():
    import subprocess
    ways = {
        "shutdown": lambda client, kernel, starter: client.shutdown(),
        "the client's end": lambda client, kernel, starter: (starter.kill(), starter.wait()),
        "SIGTERM": lambda client, kernel, starter: kernel.terminate(),
        "SIGHUP": lambda client, kernel, starter: kernel.send_signal(signal.SIGHUP),
    }
    for way, end in ways.items():
        starter = subprocess.Popen(["sleep", "1000"])
        manager, kernel = start_unmanaged(starter.pid)
        try:
            client = connect(manager)
            reply = client.execute(LEFT_BEHIND, reply=True, timeout=PATIENCE)["content"]
            check(reply["status"] == "ok", reply)
            with open("left") as left:
                no_input, process, orphan = left.read().split()
            check(no_input == "True", "a cell read something")
            check(is_running(process) and is_running(orphan), f"{way}: a process ended too soon")
            end(client, kernel, starter)
            code = kernel.wait(timeout=PATIENCE)
            check(code == 0, (way, code))
            for left in (process, orphan):
                wait_until_ended(left, way)
            client.stop_channels()
        finally:
            starter.kill()
            kernel.kill()
        manager.cleanup_connection_file()


def a_handler_that_never_returns_does_not_keep_the_kernel():
    manager, kernel = start_unmanaged(os.getpid())
    client = connect(manager)
    client.execute("AppDomain.CurrentDomain.ProcessExit += (_, _) => System.Threading.Thread.Sleep(-1);", reply=True, timeout=PATIENCE)
    client.shutdown()
    check(kernel.wait(timeout=PATIENCE) == -signal.SIGKILL, kernel.returncode)
    client.stop_channels()
    manager.cleanup_connection_file()


def start_unmanaged(parent):
    """A kernel that nobody shuts down, and the manager that has its connection file."""
    import subprocess
    manager = KernelManager(kernel_name=KERNEL)
    manager.write_connection_file()
    command = [manager.connection_file if a == "{connection_file}" else a for a in manager.kernel_spec.argv]
    return manager, subprocess.Popen(command, env=dict(os.environ, JPY_PARENT_PID=str(parent)), stdin=subprocess.PIPE)


def connect(manager):
    """A client; its requests wait for the kernel."""
    client = BlockingKernelClient(connection_file=manager.connection_file)
    client.load_connection_file()
    client.start_channels()
    return client


def wait_until_ended(process, way):
    """A killed process needs a moment to end."""
    end = time.time() + PATIENCE
    while is_running(process):
        check(time.time() < end, f"{way}: process {process} is left")
        time.sleep(0.01)


def is_running(process):
    try:
        with open(f"/proc/{process}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def execute(sources, tags=None):
    """A notebook of code cells, executed by nbclient."""
    import nbformat.v4 as v4
    from nbclient import NotebookClient
    cells = [v4.new_code_cell(c, metadata={"tags": t}) for c, t in zip(sources, tags or [[]] * len(sources))]
    return NotebookClient(v4.new_notebook(cells=cells), timeout=PATIENCE, kernel_name=KERNEL).execute()


def text_of(output):
    return output.data["text/plain"]


def nbclient_runs_a_notebook():
    import nbformat
    from nbclient import NotebookClient
    path, out = sys.argv[2:4]
    notebook = nbformat.read(path, as_version=4)
    parameters = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    parameters.source = parameters.source.replace('profile = "quick"', 'profile = "smoke"')
    NotebookClient(notebook, timeout=600, kernel_name=KERNEL, resources={"metadata": {"path": os.path.dirname(path)}}).execute()
    nbformat.write(notebook, out)
    charts = sum('class="deviceid-chart"' in o.get("data", {}).get("text/html", "") for c in notebook.cells for o in c.get("outputs", []))
    check(charts >= 3, f"{charts} charts")
    check(not [o for c in notebook.cells for o in c.get("outputs", []) if o.output_type == "error"], "an error")


SETUP = "".join(f'#r "{LIBRARY}/{name}.dll"\n' for name in ("TorchSharp", "DeviceId.Lib")) + (
    "using System.Threading;\nusing DeviceId.Foundation;\nusing DeviceId.Reporting;\nusing TorchSharp;\nComputeDevice.Load();\n")

if __name__ == "__main__":
    globals()[sys.argv[1]]()
