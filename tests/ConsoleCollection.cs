namespace DeviceId.Tests;

/// <summary>
/// Tests that redirect the console, show progress on it, or run a cell in this process: the console and the running cell are global.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ConsoleCollection
{
    public const string Name = "Console";
}
