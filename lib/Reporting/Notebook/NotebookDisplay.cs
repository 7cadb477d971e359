using System.Reflection;

namespace DeviceId.Reporting;

/// <summary>Accesses the notebook engine's display call and stop button by reflection, without a reference to the engine.</summary>
/// <remarks>
/// The only call whose updates appear in the right cell in every released engine is
/// <c>KernelInvocationContext.Current.Display(value, mimeTypes)</c>, which returns an object with <c>Update(value)</c>.
/// It is an extension method in the same namespace. Our runner has one of its own, which keeps no copy of each update: it is tried first.
/// </remarks>
internal static class NotebookDisplay
{
    private const string ContextType = "Microsoft.DotNet.Interactive.KernelInvocationContext";

    // Cached when first found. Outside a notebook the search is repeated, which takes as long as printing a line.
    private static Type? s_context;

    /// <summary>Displays a value and returns an action that updates it in place; null outside a notebook.</summary>
    public static Action<INotebookValue>? Show(INotebookValue value)
    {
        if (Current() is not { } current)
            return null;

        string[] mimeTypes = ["text/html", "text/plain"];
        Type[] parameters = [s_context!, typeof(object), typeof(string[])];
        var show = Find("DeviceId.Notebooks.Cells.CellDisplay")?.GetMethod("Show", parameters)
            ?? Find(ContextType + "Extensions")?.GetMethod("Display", parameters);
        var display = show?.Invoke(null, [current, value, mimeTypes]);
        var update = display?.GetType().GetMethod("Update", [typeof(object)]);
        return update is null ? null : next => update.Invoke(display, [next]);
    }

    /// <summary>Cancelled when the user stops the running cell; never cancelled outside a notebook.</summary>
    public static CancellationToken Interruption() =>
        Current() is { } current && s_context!.GetProperty("CancellationToken")?.GetValue(current) is CancellationToken token
            ? token : CancellationToken.None;

    private static object? Current()
    {
        s_context ??= Find(ContextType);
        return s_context?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
    }

    private static Type? Find(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic).Select(a => a.GetType(name)).FirstOrDefault(t => t is not null);
}
