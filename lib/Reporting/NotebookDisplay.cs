using System.Reflection;

namespace DeviceId.Reporting;

/// <summary>Finds the notebook engine's display call without a reference to the engine.</summary>
/// <remarks>
/// The one call whose updates land where they should in every released engine is
/// <c>KernelInvocationContext.Current.Display(value, mimeTypes)</c>, which returns an object with <c>Update(value)</c>.
/// In .NET Interactive it is an extension method in the same namespace; our runner offers it as a method of the class. Both are tried.
/// </remarks>
internal static class NotebookDisplay
{
    private const string ContextType = "Microsoft.DotNet.Interactive.KernelInvocationContext";

    /// <summary>Shows a value and returns what updates it in place, or null outside a notebook.</summary>
    public static Action<INotebookValue>? Show(INotebookValue value)
    {
        var context = Find(ContextType);
        var current = context?.GetProperty("Current", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);
        if (context is null || current is null)
            return null;

        string[] mimeTypes = ["text/html", "text/plain"];
        var own = context.GetMethod("Display", [typeof(object), typeof(string[])]);
        var extension = Find(ContextType + "Extensions")?.GetMethod("Display", [context, typeof(object), typeof(string[])]);
        var shown = own is not null ? own.Invoke(current, [value, mimeTypes]) : extension?.Invoke(null, [current, value, mimeTypes]);
        var update = shown?.GetType().GetMethod("Update", [typeof(object)]);
        return update is null ? null : next => update.Invoke(shown, [next]);
    }

    private static Type? Find(string name) =>
        AppDomain.CurrentDomain.GetAssemblies().Where(a => !a.IsDynamic).Select(a => a.GetType(name)).FirstOrDefault(t => t is not null);
}
