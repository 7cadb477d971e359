namespace DeviceId.Notebooks.Process;

/// <summary>Executes a prepared notebook in place, in another process: <see cref="NotebookProcess.RunAsync"/>, or a referee.</summary>
/// <inheritdoc cref="NotebookProcess.RunAsync"/>
internal delegate Task<int> NotebookExecution(
    string notebook, string folder, Action<NotebookEvent> received, CancellationToken cancellation);
