namespace DeviceId.Notebooks.Process;

/// <summary>Executes a notebook in another process: <see cref="NotebookProcess.RunAsync"/>, or the referee.</summary>
/// <inheritdoc cref="NotebookProcess.RunAsync"/>
internal delegate Task<NotebookOutcome> NotebookExecution(
    NotebookRecord record, string folder, Action<NotebookEvent> received, RunStop stop);
