// What the kernel takes for Pyodide's own script. It adds the packages of the course to those that
// Pyodide knows, and tells the page how far loading is (progress.js listens).

self.loadPyodide = async ({ indexURL: here, ...options }) => {
  const tell = (news) => self.postMessage({ course: news });
  const fetched = self.fetch;
  let [files, bytes] = [0, 0];
  self.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    const name = answer.url.split("/").pop();
    files += 1;
    const count = new TransformStream({
      transform(chunk, out) {
        bytes += chunk.length;
        tell({ files, bytes, name });
        out.enqueue(chunk);
      },
    });
    // of a wheel all has come by now, since it was checked; of Pyodide itself it goes on coming
    return answer.body ? new Response(answer.body.pipeThrough(count), answer) : answer;
  };
  const read = async (address) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
    return answer.json();
  };
  try {
    const course = await read(`${here}course.json`);
    const pyodide = new URL(course.pyodide, here).href;
    tell({ megabytes: course.megabytes });
    const lock = await read(`${pyodide}pyodide-lock.json`);
    for (const [name, entry] of Object.entries(course.packages)) {
      const address = new URL(entry.file_name, here).href; // theirs are beside Pyodide
      lock.packages[name] = { ...entry, file_name: address };
    }
    const lockFileURL = URL.createObjectURL(new Blob([JSON.stringify(lock)]));
    importScripts(`${pyodide}pyodide.js`); // puts its own loadPyodide in the place of this one
    const made = await self.loadPyodide({ ...options, indexURL: pyodide, lockFileURL });
    tell({ ready: true });
    return made;
  } catch (error) {
    tell({ failed: String(error.message || error) });
    throw error;
  } finally {
    self.fetch = fetched;
  }
};
