"""Kernels of notebooks begin with what every unit imports; also a pytest plugin.

Importing NumPy, pandas, SciPy and Matplotlib takes longer than what most units compute. Each worker
imports them once, in a process that does nothing else, and each kernel is a fork of it: a process of
its own, with a namespace of its own, which imports clusterlab itself. ``pytest -p warm_kernels``, or
`begin`, after which every kernel that this process starts is such a fork.
"""

import multiprocessing
import os
import signal
import sys
import threading

from jupyter_client.provisioning import local_provisioner

# Not pyplot, and nothing of IPython's that looks for a running shell when it is imported.
IMPORTED = [
    "ipykernel.kernelapp",
    "ipywidgets",
    "anywidget",
    "pydantic",
    "pandas",
    "networkx",
    "scipy.stats",
    "scipy.optimize",
    "scipy.sparse.csgraph",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
]


_ONE = threading.Lock()


class _Forked:
    """A forked kernel, asked and ended as the `subprocess.Popen` that Jupyter expects."""

    stdin = stdout = stderr = None

    def __init__(self, command, env, cwd):
        ready, begun = _CONTEXT.Pipe(duplex=False)
        self._process = _CONTEXT.Process(target=_kernel, args=(command, env, cwd, begun))
        main = sys.modules["__main__"]
        with _ONE:
            path = vars(main).pop("__file__", None)  # else a kernel would import the script too
            self._process.start()
            if path is not None:
                main.__file__ = path
        ready.recv()  # only now it has a process group of its own, which Jupyter will end
        self.pid = self._process.pid

    def poll(self):
        return self._process.exitcode

    def wait(self, timeout=None):
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, number):
        os.kill(self.pid, number)

    def terminate(self):
        self.send_signal(signal.SIGTERM)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def _kernel(command, env, cwd, begun):
    os.setsid()
    begun.send(True)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115
    import pandas as pd
    from ipykernel import kernelapp

    pd.set_option("display.max_columns", 20)  # as in a notebook: it was imported outside of one
    kernelapp.launch_new_instance(argv=command[command.index("-f") :])


def _launch(command, *, env, cwd, **_):
    return _Forked(command, env, cwd)


def pytest_configure(config):
    begin()


def begin():
    """Let kernels be forked, where the platform can."""
    global _CONTEXT
    if "forkserver" in multiprocessing.get_all_start_methods():
        os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        _CONTEXT = multiprocessing.get_context("forkserver")
        _CONTEXT.set_forkserver_preload(IMPORTED)
        local_provisioner.launch_kernel = _launch
